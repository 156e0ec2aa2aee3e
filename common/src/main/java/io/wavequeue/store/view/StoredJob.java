package io.wavequeue.store.view;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as its rows tell it at one moment.
 *
 * @param input JSON text exactly as it was asked for
 * @param labels JSON text of an object of strings
 * @param attempts first to last
 * @param outputs in the provider's order; those of the job's result before those that came too late for it
 * @param replays first to last
 */
public record StoredJob(
        UUID id,
        State state,
        String model,
        String lane,
        String input,
        String labels,
        @Nullable String reference,
        @Nullable UUID batchId,
        int maxAttempts,
        @Nullable BigDecimal estimatedUsd,
        List<Attempt> attempts,
        List<Output> outputs,
        List<Replay> replays) {

    public StoredJob {
        attempts = List.copyOf(attempts);
        outputs = List.copyOf(outputs);
        replays = List.copyOf(replays);
    }

    /** Where the job is on its way. */
    public record State(
            String status,
            boolean cancelRequested,
            @Nullable String holdReason,
            @Nullable Error error,
            Instant createdAt,
            @Nullable Instant settledAt) {}

    /** Why a job or an attempt ended as it did. */
    public record Error(String errorClass, String message, boolean retryable) {
        static @Nullable Error of(@Nullable String errorClass, @Nullable String message, @Nullable Boolean retryable) {
            return errorClass == null || message == null || retryable == null
                    ? null
                    : new Error(errorClass, message, retryable);
        }
    }

    /** A POST that may have been accepted. */
    public record Attempt(
            int number,
            String status,
            @Nullable String predictionId,
            @Nullable Instant submittedAt,
            @Nullable Instant acceptedAt,
            @Nullable Instant completedAt,
            int polls,
            @Nullable Integer inferenceMs,
            @Nullable Integer detectMs,
            @Nullable BigDecimal chargedUsd,
            @Nullable BigDecimal refundedUsd,
            @Nullable Error error) {}

    /**
     * A clip.
     *
     * @param number place in the prediction's outputs, from 0; of a late one, 1000 times its attempt more
     * @param file path below the folder of outputs
     * @param lostAt when it was given up, since the provider keeps it no longer
     * @param error why it was lost, or could not be fetched so far
     * @param audio JSON text of what the archived file was found to be; null = nobody has looked at it
     */
    public record Output(
            int number,
            String url,
            @Nullable String file,
            @Nullable String contentType,
            @Nullable Long bytes,
            @Nullable String sha256,
            @Nullable Instant archivedAt,
            @Nullable Instant lostAt,
            @Nullable String error,
            @Nullable String audio) {}

    /**
     * What the job was when a person had it go again.
     *
     * @param replayId the replay that did it
     * @param error why it had failed; null = it had not
     * @param input JSON text of the input before; null = the replay did not change it
     * @param sameError the job shows the same error now
     */
    public record Replay(
            int number,
            UUID replayId,
            Instant at,
            @Nullable Error error,
            @Nullable String input,
            boolean sameError) {}
}
