package io.wavequeue.worker.provider;

import io.wavequeue.job.JobError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one look at a prediction showed. */
public sealed interface Prediction {
    /** Not at its end: {@code created}, {@code processing}, or a status that we do not know. */
    record Open() implements Prediction {}

    /**
     * Ended with outputs.
     *
     * @param outputUrls http or https URLs
     * @param inferenceMs as told by the provider; null = not told
     */
    record Completed(List<String> outputUrls, @Nullable Integer inferenceMs) implements Prediction {}

    /** Ended without. */
    record Failed(JobError error, @Nullable Integer inferenceMs) implements Prediction {}

    /** The provider does not know the id: normal for a moment after a submit, and after seven days. */
    record Unknown() implements Prediction {}

    /** This look failed; the next one may not. */
    record Unreadable(String reason) implements Prediction {}
}
