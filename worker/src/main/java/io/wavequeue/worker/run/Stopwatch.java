package io.wavequeue.worker.run;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Measures how long ago something was, on whichever of two clocks says longer.
 *
 * <p>The monotonic clock of a JVM stands still while the machine is suspended, the wall clock can be set back; a stamp is
 * only as young as both of them say.
 */
public final class Stopwatch {
    private final InstantSource wall;
    private final LongSupplier nanos;

    public Stopwatch(InstantSource wall, LongSupplier nanos) {
        this.wall = wall;
        this.nanos = nanos;
    }

    /** A moment, as both clocks saw it. */
    public record Stamp(long nanos, long wallMillis) {}

    public Stamp stamp() {
        return new Stamp(nanos.getAsLong(), wall.millis());
    }

    public Duration since(Stamp stamp) {
        Duration monotonic = Duration.ofNanos(nanos.getAsLong() - stamp.nanos());
        Duration byWall = Duration.ofMillis(wall.millis() - stamp.wallMillis());
        return monotonic.compareTo(byWall) >= 0 ? monotonic : byWall;
    }
}
