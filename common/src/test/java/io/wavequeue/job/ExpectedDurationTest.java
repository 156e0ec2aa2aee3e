package io.wavequeue.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.AccountLoad.Turn;
import io.wavequeue.job.ExpectedDuration.NewJobs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Worked examples. Runs of "ten" take 10 s, of "sixty" 60 s. */
class ExpectedDurationTest {
    private static final Map<String, Duration> RUN_TIMES =
            Map.of("ten", Duration.ofSeconds(10), "sixty", Duration.ofSeconds(60));

    private @Nullable Integer perMinute;
    private @Nullable Integer places;
    private int used;
    private Duration throttled = Duration.ZERO;
    private List<Turn> waiting = List.of();
    private Map<String, Long> underWay = Map.of();
    private int placesHeld;
    private boolean isHeld;
    private Set<String> stopped = Set.of();

    private OptionalLong seconds(NewJobs... jobs) {
        AccountLoad load = new AccountLoad(
                isHeld, stopped, perMinute, places, used, throttled, waiting, underWay, placesHeld, RUN_TIMES);
        return new ExpectedDuration(load).seconds(List.of(jobs));
    }

    private static NewJobs bulk(String model, long count) {
        return new NewJobs(model, Lane.BULK, count);
    }

    private static NewJobs interactive(String model, long count) {
        return new NewJobs(model, Lane.INTERACTIVE, count);
    }

    @Test
    void shouldTakeOneRunWhenNothingBoundsIt() {
        assertThat(seconds(bulk("ten", 100))).hasValue(10);
        assertThat(seconds(bulk("ten", 60_001))).as("at a thousand per second").hasValue(70);
        assertThat(seconds(bulk("unknown", 1)))
                .as("of a model of which nothing is known")
                .hasValue(10);
        assertThat(seconds(bulk("ten", 1), interactive("sixty", 1))).hasValue(60);
        assertThat(seconds()).hasValue(0);
        assertThat(seconds(bulk("ten", 0))).hasValue(0);
    }

    /** Bronze: two per minute, two at once. The tenth is submitted in the fifth minute. */
    @Test
    void shouldCountWholeMinutesWhenTheRateIsWhatBounds() {
        perMinute = 2;
        places = 2;
        assertThat(seconds(bulk("ten", 1))).hasValue(10);
        assertThat(seconds(bulk("ten", 2))).hasValue(10);
        assertThat(seconds(bulk("ten", 10))).hasValue(4 * 61 + 10);
        used = 2;
        assertThat(seconds(bulk("ten", 1))).as("this minute is used up").hasValue(61 + 10);
    }

    /** Ten runs of a minute at two places: nine of them before the last one, side by side, and that one. */
    @Test
    void shouldCountRoundsWhenThePlacesAreWhatBounds() {
        perMinute = 1_000;
        places = 2;
        assertThat(seconds(bulk("sixty", 10))).hasValue(330);
        assertThat(seconds(bulk("sixty", 2))).hasValue(60);
    }

    /** A night at silver: 100,000 clips of 10 s, 500 per minute: 200 minutes by the rate, 56 by the places. */
    @Test
    void shouldTellANight() {
        perMinute = 500;
        places = 300;
        assertThat(seconds(bulk("ten", 100_000))).hasValue(199 * 61 + 10);
    }

    @Test
    void shouldWaitForWhatIsAheadAndForNothingElse() {
        perMinute = 60;
        waiting = List.of(
                new Turn(Lane.INTERACTIVE, Map.of("ten", 60L)),
                new Turn(Lane.BULK, Map.of("ten", 600L)),
                new Turn(Lane.BULK, Map.of("ten", 30L)));
        assertThat(seconds(interactive("ten", 30)))
                .as("one of theirs, one of ours")
                .hasValue(10);
        assertThat(seconds(interactive("ten", 60))).hasValue(61 + 10);
        assertThat(seconds(bulk("ten", 60)))
                .as("60 interactive, 60 + 30 of the others, 60 of ours")
                .hasValue(3 * 61 + 10);
        assertThat(seconds(bulk("ten", 30), interactive("ten", 30)))
                .as("60 + 30 interactive, 30 + 30 of the others, 30 of ours")
                .hasValue(2 * 61 + 10);
    }

    @Test
    void shouldCountWhatIsUnderWayAndPlacesThatNobodyGivesBack() {
        places = 4;
        underWay = Map.of("sixty", 4L);
        // 4 runs with 30 s each before them and one of 10 s, at four places: (4 x 30 + 10 - 10) / 4 + 10
        assertThat(seconds(bulk("ten", 1))).hasValue(40);
        placesHeld = 2;
        assertThat(seconds(bulk("ten", 1))).hasValue(70);
        placesHeld = 9;
        assertThat(seconds(bulk("ten", 1))).as("at one place at least").hasValue(130);
    }

    @Test
    void shouldAddTheWaitThatTheProviderAskedFor() {
        throttled = Duration.ofSeconds(30);
        assertThat(seconds(bulk("ten", 1))).hasValue(40);
    }

    @Test
    void shouldSayNothingWhenSomethingHasToBeDoneFirst() {
        stopped = Set.of("sixty");
        assertThat(seconds(bulk("ten", 1), bulk("sixty", 1))).isEmpty();
        waiting = List.of(new Turn(Lane.BULK, Map.of("sixty", 1_000L)));
        perMinute = 1;
        assertThat(seconds(bulk("ten", 1)))
                .as("what is stopped goes before nobody")
                .hasValue(10);
        isHeld = true;
        assertThat(seconds(bulk("ten", 1))).isEmpty();
    }
}
