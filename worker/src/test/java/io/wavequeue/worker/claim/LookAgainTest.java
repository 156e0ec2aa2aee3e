package io.wavequeue.worker.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LookAgainTest {
    private static List<Duration> looksOfWorkers(Duration throttledFor) {
        return LongStream.range(0, 100)
                .mapToObj(worker -> new LookAgain(new SplittableRandom(worker)).in(throttledFor))
                .toList();
    }

    @Test
    void shouldSpreadTheFirstLooksOverASecondAfterAThrottleAndNeverLookBefore() {
        Duration throttled = Duration.ofSeconds(7);

        List<Duration> looks = looksOfWorkers(throttled);

        assertThat(looks).allSatisfy(look -> assertThat(look).isBetween(throttled, throttled.plusSeconds(1)));
        for (int tenth = 0; tenth < 10; tenth++) {
            Duration from = throttled.plusMillis(100L * tenth);
            assertThat(looks)
                    .filteredOn(look -> look.compareTo(from) >= 0 && look.compareTo(from.plusMillis(100)) < 0)
                    .as("looks from %s on", from)
                    .hasSizeBetween(1, 25);
        }
    }

    @Test
    void shouldLookAtSpreadTimesWhenPermitsMayComeFreeAtAnyMoment() {
        List<Duration> looks = looksOfWorkers(Duration.ZERO);

        assertThat(looks)
                .allSatisfy(look -> assertThat(look).isBetween(Duration.ofMillis(100), Duration.ofMillis(200)))
                .doesNotHaveDuplicates();
    }
}
