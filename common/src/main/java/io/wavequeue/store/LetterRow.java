package io.wavequeue.store;

import io.wavequeue.job.JobError;
import io.wavequeue.job.NewJob;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job as its dead letter tells it, ready to become a row.
 *
 * @param job what was asked for; prices are null where the catalogue does not take it any more
 * @param attempt number of its last attempt, 0 = it had none
 * @param attempts JSON array of its attempts, each with the columns of {@code attempt} that a letter knows
 * @param createdAt as far as it can be told
 */
public record LetterRow(NewJob job, Ended ended, int attempt, String attempts, Instant createdAt, Evidence evidence) {

    /** How and when it failed. */
    public record Ended(JobError error, Instant failedAt) {}

    /**
     * What its predictions are known by.
     *
     * @param activeAt up to then the letter knows what was submitted
     * @param asked of its input as this replay would submit it: somebody may have replayed it so before
     */
    public record Evidence(Instant activeAt, Keys own, Keys asked) {}

    /**
     * Of an input.
     *
     * @param input equal for inputs that mean the same
     * @param clipless the same whatever the clips of ours that it names are; null = it names none
     */
    public record Keys(String input, @Nullable String clipless) {}
}
