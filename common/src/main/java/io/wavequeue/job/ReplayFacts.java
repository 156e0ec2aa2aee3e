package io.wavequeue.job;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a job that is to be replayed, and whether that may be. The one place that judges it, for a dry run, for one
 * job and for many.
 *
 * @param isHeldByPerson it is held, and only by a person
 * @param resumed its batch was stopped, and this replay opens it again
 * @param changed it was replayed, or got another attempt, since it was chosen
 * @param openAttempt an attempt of it may be charged, and has not ended
 * @param doubtful since its last replay an attempt was given up while its outcome was unknown, or there are signs of a
 *     prediction that no attempt has
 * @param pending the provider has not ended one of its predictions
 * @param output what there is of its result
 * @param superseded it was made for a take that has another job since, or the same was made again later and is there or on its way
 * @param replays how often it was replayed
 * @param batchCancelled its batch is cancelled
 * @param evidence what the provider's history says against it; null = nothing
 * @param isRestored its row was made from its letter, and it was not replayed since
 */
public record ReplayFacts(
        JobStatus status,
        boolean isHeldByPerson,
        boolean resumed,
        boolean changed,
        @Nullable String errorClass,
        boolean openAttempt,
        boolean doubtful,
        boolean pending,
        Output output,
        boolean superseded,
        int replays,
        boolean batchCancelled,
        @Nullable SkipReason evidence,
        boolean isRestored) {

    /**
     * What there is of a job's result.
     *
     * @param lost an output of it is lost
     * @param waits an output is still to be archived
     * @param isThere an output is there, or on its way; late ones count
     */
    public record Output(boolean lost, boolean waits, boolean isThere) {}

    /**
     * What a replay brings along.
     *
     * @param completes it brings a batch to completeness: what a person holds is let go
     * @param opensBatch it would open its batch again first, so that the stop of that is no reason
     * @param changesInput the job would ask for something else than before
     * @param asksHistory the provider's history was asked about what it would ask for
     * @param maxReplays how often a job may be replayed
     * @param forced what is to be done in spite of these
     */
    public record Wish(
            boolean completes,
            boolean opensBatch,
            boolean changesInput,
            boolean asksHistory,
            int maxReplays,
            Set<SkipReason> forced) {
        public Wish {
            forced = Set.copyOf(forced);
        }
    }

    /** It goes on by itself since its batch does: there is nothing left to do for it. */
    public boolean goesOnByItself() {
        return resumed && status != JobStatus.CANCELLED;
    }

    /** The reason that keeps it from being replayed, or from being let go; null = none. */
    public @Nullable SkipReason against(Wish wish) {
        if (goesOnByItself()) {
            return batchCancelled && !status.isTerminal() && !wish.opensBatch() ? SkipReason.BATCH_CANCELLED : null;
        }
        if (!status.isTerminal()) {
            return againstLettingGo(wish);
        }
        SkipReason unknown = notForcible(wish);
        if (unknown != null) {
            return unknown;
        }
        return Stream.of(
                        reason(SkipReason.MAY_BE_CHARGED, doubtful),
                        reason(SkipReason.HAS_RESULT, status != JobStatus.SUCCEEDED && output.isThere()),
                        reason(SkipReason.SUPERSEDED, superseded),
                        reason(SkipReason.PARKED, replays >= wish.maxReplays()),
                        reason(SkipReason.MODERATED, isModerated() && !wish.changesInput()),
                        Optional.ofNullable(evidence),
                        reason(SkipReason.HISTORY_UNREAD, isRestored && wish.changesInput() && !wish.asksHistory()))
                .flatMap(Optional::stream)
                .filter(reason -> !wish.forced().contains(reason))
                .findFirst()
                .orElse(null);
    }

    private @Nullable SkipReason againstLettingGo(Wish wish) {
        if (status == JobStatus.UNCERTAIN || (status == JobStatus.HELD && openAttempt)) {
            return SkipReason.UNCERTAIN;
        }
        if (status != JobStatus.HELD || !wish.completes()) {
            return SkipReason.UNDER_WAY;
        }
        if (!isHeldByPerson) {
            return SkipReason.WAITS;
        }
        return changed ? SkipReason.CHANGED : null;
    }

    /** What nobody can force: it is on its way, or what became of its money is still open. */
    private @Nullable SkipReason notForcible(Wish wish) {
        if (changed) {
            return SkipReason.CHANGED;
        }
        if (openAttempt) {
            return SkipReason.UNCERTAIN;
        }
        if (pending) {
            return SkipReason.PREDICTION_PENDING;
        }
        if (status == JobStatus.SUCCEEDED && !output.lost()) {
            return SkipReason.SUCCEEDED;
        }
        if (output.waits()) {
            return SkipReason.UNDER_WAY;
        }
        return batchCancelled && !wish.opensBatch() ? SkipReason.BATCH_CANCELLED : null;
    }

    private boolean isModerated() {
        return ErrorClass.MODERATED.code().equals(errorClass);
    }

    private static Optional<SkipReason> reason(SkipReason reason, boolean holds) {
        return holds ? Optional.of(reason) : Optional.empty();
    }
}
