package io.wavequeue.worker.run;

import io.wavequeue.worker.run.Stopwatch.Stamp;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells which workers are silent: those whose same beat was read, successfully each time, over the whole dead time. Age
 * alone proves nothing, since nobody can beat while the database is away. Used by one thread.
 */
final class Silence {
    private static final int MOST_MISSED = 3;

    private final Stopwatch stopwatch;
    private final Duration longestGap;
    private final Duration deadAfter;
    private final Map<UUID, Observed> observed = new HashMap<>();
    private @Nullable Stamp watched;

    private record Observed(long beat, Stamp since) {}

    Silence(Stopwatch stopwatch, Duration beatEvery, Duration deadAfter) {
        this.stopwatch = stopwatch;
        this.longestGap = beatEvery.multipliedBy(MOST_MISSED);
        this.deadAfter = deadAfter;
    }

    /** A reading failed: whatever was observed before proves nothing any more. */
    void forget() {
        observed.clear();
    }

    /**
     * Takes a reading of all beats in.
     *
     * @return the silent ones, with the beat at which they stopped
     */
    Map<UUID, Long> read(UUID self, Map<UUID, Long> beats) {
        Stamp now = stopwatch.stamp();
        Stamp last = watched;
        if (last != null && stopwatch.since(last).compareTo(longestGap) > 0) {
            // We were not looking: what looks like their silence may be ours.
            observed.clear();
        }
        watched = now;
        observed.keySet().retainAll(beats.keySet());
        Map<UUID, Long> silent = new HashMap<>();
        beats.forEach((worker, beat) -> {
            if (worker.equals(self)) {
                return;
            }
            Observed seen = observed.get(worker);
            if (seen == null || seen.beat() != beat) {
                observed.put(worker, new Observed(beat, now));
            } else if (stopwatch.since(seen.since()).compareTo(deadAfter) >= 0) {
                silent.put(worker, beat);
            }
        });
        return silent;
    }
}
