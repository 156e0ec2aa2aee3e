package io.wavequeue.api.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.store.BatchEvents.Horizon;
import io.wavequeue.store.BatchEvents.Place;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BatchLookTest {
    private static final Instant NOW = Instant.parse("2026-01-31T18:30:00Z");

    private final BatchLook look = new BatchLook();

    @Test
    void shouldBeDueAtOnce() {
        assertThat(look.isDue(NOW)).isTrue();
    }

    @Test
    void shouldBeDueOnceASecondWhenItIsTouched() {
        look.saw(NOW, "{}", null);
        look.touch();
        assertThat(look.isDue(NOW.plusMillis(999))).isFalse();
        assertThat(look.isDue(NOW.plusSeconds(1))).isTrue();
    }

    @Test
    void shouldBeDueNowAndThenWhenItIsNot() {
        look.saw(NOW, "{}", null);
        assertThat(look.isDue(NOW.plusSeconds(14))).isFalse();
        assertThat(look.isDue(NOW.plusSeconds(15))).isTrue();
    }

    @Test
    void shouldBeDoneOnlyForThoseWhoHaveHadAllThatHadEndedThen() {
        look.saw(NOW, "{}", new Horizon(7, 9));
        assertThat(look.isDoneAt(new Place(8, 99))).isFalse();
        assertThat(look.isDoneAt(new Place(9, 0))).isTrue();
        look.saw(NOW, "{}", new Horizon(20, 20));
        assertThat(look.isDoneAt(new Place(9, 0))).isTrue();
    }

    @Test
    void shouldNotBeDoneWhenAJobWasReplayed() {
        look.saw(NOW, "{}", new Horizon(9, 9));
        look.saw(NOW, "{}", null);
        assertThat(look.isDoneAt(new Place(10, 0))).isFalse();
    }
}
