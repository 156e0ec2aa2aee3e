package io.wavequeue.store;

import io.wavequeue.store.view.StoredJob;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change of a job that is to be published. Names of states are passed on as they are stored, so that a newer process's
 * states do not stop an older one's publishing.
 *
 * @param version the job's version after the change: orders its events
 * @param letterOnly true when there was no change and only the dead letter is to be written anew
 * @param request null when the job's row is gone
 * @param archived all outputs in the order of the API, lost ones among them, when the event says that the others are
 *     archived; null for a change of state
 */
public record JobEvent(
        UUID jobId,
        long version,
        boolean letterOnly,
        Change change,
        Instant at,
        @Nullable Request request,
        LetterChange letter,
        @Nullable List<StoredJob.Output> archived) {
    public JobEvent {
        archived = archived == null ? null : List.copyOf(archived);
    }

    /** What the job is after the change. */
    public record Change(
            String status,
            @Nullable String previousStatus,
            @Nullable String holdReason,
            int attempt,
            boolean cancelRequested,
            StoredJob.@Nullable Error error) {}

    /** What was asked for, without the input. */
    public record Request(
            String model,
            String lane,
            @Nullable String reference,
            @Nullable UUID batchId) {}

    /** A failed job, as its rows are now. */
    public record Letter(
            String input,
            String labels,
            int maxAttempts,
            int attempt,
            StoredJob.Error error,
            Instant failedAt,
            List<StoredJob.Attempt> attempts) {
        public Letter {
            attempts = List.copyOf(attempts);
        }

        Letter with(List<StoredJob.Attempt> read) {
            return new Letter(input, labels, maxAttempts, attempt, error, failedAt, read);
        }
    }

    /**
     * What the event means for the dead-letter topic. Decided by what the job is when the event is read, not by what it
     * was when the event was written: whatever the order of a job's events, the last word is the row's.
     */
    public sealed interface LetterChange {
        /** It does not concern the topic; or the job's row is gone, and its letter stays. */
        record None() implements LetterChange {}

        /** The job is failed. */
        record Put(Letter letter) implements LetterChange {}

        /** The job was failed and is not. */
        record Remove() implements LetterChange {}
    }

    JobEvent with(LetterChange decided, @Nullable List<StoredJob.Output> outputs) {
        return new JobEvent(jobId, version, letterOnly, change, at, request, decided, outputs);
    }
}
