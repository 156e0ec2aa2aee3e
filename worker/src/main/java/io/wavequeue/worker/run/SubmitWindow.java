package io.wavequeue.worker.run;

import io.wavequeue.worker.run.Stopwatch.Stamp;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long after its claim a POST may start. All that others conclude from a worker's silence, and from a prediction's
 * absence, rests on it.
 */
record SubmitWindow(Stopwatch stopwatch, Duration length) {

    /** @param beat when the last confirmed heartbeat was asked for; null = none is */
    boolean isFresh(@Nullable Stamp beat) {
        return beat != null && stopwatch.since(beat).compareTo(length) < 0;
    }

    /** @param claimAsked when the claim was asked for, so before it was made */
    boolean isOpen(Stamp claimAsked, @Nullable Stamp beat) {
        return stopwatch.since(claimAsked).compareTo(length) < 0 && isFresh(beat);
    }
}
