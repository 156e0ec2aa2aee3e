package io.wavequeue.job;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a job that is to be replayed, and whether that may be. The one place that judges it, for a dry run, for one
 * job and for many.
 *
 * @param isHeldByPerson it is held, and only by a person
 * @param changed it was replayed, or got another attempt, since it was chosen
 * @param openAttempt an attempt of it may be charged, and has not ended
 * @param givenUp its last attempt was given up while its outcome was unknown
 * @param pending the provider has not ended one of its predictions
 * @param lostOutput an output of its result is lost
 * @param hasResult an output is there, or on its way, that is not lost
 * @param replays how often it was replayed
 * @param batchCancelled its batch is cancelled
 * @param evidence what the provider's history says against it; null = nothing
 */
public record ReplayFacts(
        JobStatus status,
        boolean isHeldByPerson,
        boolean changed,
        @Nullable String errorClass,
        boolean openAttempt,
        boolean givenUp,
        boolean pending,
        boolean lostOutput,
        boolean hasResult,
        int replays,
        boolean batchCancelled,
        @Nullable SkipReason evidence) {

    /**
     * What a replay brings along.
     *
     * @param changesInput the job would ask for something else than before
     * @param maxReplays how often a job may be replayed
     * @param forced what is to be done in spite of these
     */
    public record Wish(boolean changesInput, int maxReplays, Set<SkipReason> forced) {
        public Wish {
            forced = Set.copyOf(forced);
        }
    }

    /** The reason that keeps it from being replayed; null = none. */
    public @Nullable SkipReason against(Wish wish) {
        SkipReason state = stateAgainst();
        if (state != null) {
            return state;
        }
        if (givenUp && !wish.forced().contains(SkipReason.MAY_BE_CHARGED)) {
            return SkipReason.MAY_BE_CHARGED;
        }
        if (status != JobStatus.SUCCEEDED && hasResult && !wish.forced().contains(SkipReason.HAS_RESULT)) {
            return SkipReason.HAS_RESULT;
        }
        if (batchCancelled) {
            return SkipReason.BATCH_CANCELLED;
        }
        if (replays >= wish.maxReplays() && !wish.forced().contains(SkipReason.PARKED)) {
            return SkipReason.PARKED;
        }
        if (ErrorClass.MODERATED.code().equals(errorClass)
                && status == JobStatus.FAILED
                && !wish.changesInput()
                && !wish.forced().contains(SkipReason.MODERATED)) {
            return SkipReason.MODERATED;
        }
        return evidence == null || wish.forced().contains(evidence) ? null : evidence;
    }

    /** What nobody can force: it is on its way, or what became of its money is still open. */
    private @Nullable SkipReason stateAgainst() {
        if (status == JobStatus.UNCERTAIN || (status == JobStatus.HELD && openAttempt)) {
            return SkipReason.UNCERTAIN;
        }
        if (status == JobStatus.HELD) {
            return isHeldByPerson ? null : SkipReason.WAITS;
        }
        if (!status.isTerminal()) {
            return SkipReason.UNDER_WAY;
        }
        if (changed) {
            return SkipReason.CHANGED;
        }
        if (openAttempt) {
            return SkipReason.UNCERTAIN;
        }
        if (pending) {
            return SkipReason.PREDICTION_PENDING;
        }
        return status == JobStatus.SUCCEEDED && !lostOutput ? SkipReason.SUCCEEDED : null;
    }
}
