package io.wavequeue.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.worker.run.Stopwatch.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StopwatchTest {
    private final AtomicLong nanos = new AtomicLong(7);
    private final AtomicLong millis = new AtomicLong(1_000_000);
    private final Stopwatch stopwatch = new Stopwatch(() -> Instant.ofEpochMilli(millis.get()), nanos::get);

    @Test
    void shouldBelieveTheClockThatSaysLonger() {
        Stamp stamp = stopwatch.stamp();

        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(stopwatch.since(stamp)).as("the wall clock was set back").isEqualTo(Duration.ofSeconds(3));
        millis.addAndGet(8_000);
        assertThat(stopwatch.since(stamp)).as("the machine was suspended").isEqualTo(Duration.ofSeconds(8));
    }
}
