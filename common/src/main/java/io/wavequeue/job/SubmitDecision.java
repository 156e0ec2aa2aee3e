package io.wavequeue.job;

import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** What a person decides about a submit whose outcome nobody knows. */
public sealed interface SubmitDecision {
    /** The submit made this prediction: it is followed to its end. */
    record Adopt(String predictionId) implements SubmitDecision {}

    /** It is submitted again, whether or not it was charged before, and whatever its {@code max_attempts}. */
    record Resubmit() implements SubmitDecision {}

    /** The job fails. */
    record Abandon() implements SubmitDecision {}

    /** The change that this decision is, for a job as it was read. */
    default Transition transition(UUID jobId, long fence, JobStatus status, Instant at) {
        return switch (this) {
            case Adopt(String predictionId) ->
                new Transition(
                        jobId, fence, status, new Next.Running(), new AttemptChange.Accepted(predictionId, null), at);
            case Resubmit resubmit ->
                new Transition(
                        jobId,
                        fence,
                        status,
                        new Next.Queued(Duration.ZERO),
                        new AttemptChange.GivenUp(error("a person had it submitted again: it may have been charged")),
                        at);
            case Abandon abandon -> {
                JobError error = error("a person gave it up: it may have been charged");
                yield new Transition(
                        jobId, fence, status, new Next.Failed(error), new AttemptChange.GivenUp(error), at);
            }
        };
    }

    private static JobError error(String message) {
        return new JobError(ErrorClass.UNCERTAIN_SUBMISSION, message, false);
    }
}
