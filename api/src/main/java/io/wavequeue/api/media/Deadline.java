package io.wavequeue.api.media;

import java.time.Duration;
import java.util.function.LongSupplier;

/** When a fetch has to be over, on a monotonic clock. */
final class Deadline {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LongSupplier nanos;
    private final long end;
    private final Duration whole;

    Deadline(Duration whole, LongSupplier nanos) {
        this.nanos = nanos;
        this.whole = whole;
        this.end = nanos.getAsLong() + whole.toNanos();
    }

    /** 0 when it has passed. */
    long millisLeft() {
        return Math.max(0, (end - nanos.getAsLong()) / NANOS_PER_MILLI);
    }

    FetchFailedException passed() {
        return FetchFailedException.failed("was not fetched within " + whole.toSeconds() + " s");
    }
}
