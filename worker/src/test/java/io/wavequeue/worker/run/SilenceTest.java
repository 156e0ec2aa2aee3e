package io.wavequeue.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private static final UUID SELF = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);

    private long millis;
    private final Stopwatch stopwatch = new Stopwatch(() -> Instant.ofEpochMilli(millis), () -> millis * 1_000_000);
    private final Silence silence = new Silence(stopwatch, Duration.ofSeconds(1), Duration.ofSeconds(10));

    private Map<UUID, Long> readAt(long second, long beat) {
        millis = second * 1_000;
        return silence.read(SELF, Map.of(SELF, 1L, OTHER, beat));
    }

    private void readEverySecond(long from, long until, long beat) {
        for (long second = from; second <= until; second++) {
            assertThat(readAt(second, beat)).as("second %d", second).isEmpty();
        }
    }

    @Test
    void shouldTellWhoWasReadWithTheSameBeatOverTheWholeDeadTime() {
        readEverySecond(0, 9, 5);
        assertThat(readAt(10, 5)).containsExactly(Map.entry(OTHER, 5L));
        assertThat(readAt(11, 6)).as("it beats again").isEmpty();
    }

    @Test
    void shouldBeginAnewWhenAReadingFailedOrWasMissed() {
        readEverySecond(0, 9, 5);
        silence.forget();
        readEverySecond(10, 19, 5);
        assertThat(readAt(25, 5)).as("nobody looked for six seconds").isEmpty();
        readEverySecond(26, 34, 5);
        assertThat(readAt(35, 5)).containsKey(OTHER);
    }
}
