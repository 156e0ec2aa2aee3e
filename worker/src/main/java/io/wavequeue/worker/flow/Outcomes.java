package io.wavequeue.worker.flow;

import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.WorkerStore.RunningJob;
import io.wavequeue.worker.poll.Poller.PollResult;
import io.wavequeue.worker.provider.Prediction;
import io.wavequeue.worker.provider.SubmitAnswer;
import io.wavequeue.worker.settle.RetryDecider;
import io.wavequeue.worker.settle.RetryDecider.Tried;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What an answer to a submit, or a prediction's end, makes of the job. Pure but for the retry's chance. */
final class Outcomes {
    private static final Duration THROTTLED_AGAIN = Duration.ofSeconds(5);

    private final RetryDecider retries;

    Outcomes(RetryDecider retries) {
        this.retries = retries;
    }

    /**
     * @param began when the submit was begun
     * @param answered when its answer was known
     */
    static Transition of(ClaimedJob job, SubmitAnswer answer, Instant began, Instant answered) {
        return switch (answer) {
            case SubmitAnswer.Accepted(String predictionId) ->
                change(job, new Next.Running(), new AttemptChange.Accepted(predictionId, began), answered);
            case SubmitAnswer.NotSent notSent ->
                change(job, new Next.Queued(notSent.again()), new AttemptChange.Removed(false), answered);
            case SubmitAnswer.Throttled throttled ->
                change(job, new Next.Queued(wait(throttled)), new AttemptChange.Removed(true), answered);
            case SubmitAnswer.AccountTrouble trouble -> {
                JobError error = new JobError(trouble.reason().errorClass(), trouble.message(), true);
                yield change(job, new Next.Held(trouble.reason(), error), new AttemptChange.Removed(true), answered);
            }
            case SubmitAnswer.Refused(JobError error) ->
                change(job, new Next.Failed(error), new AttemptChange.Refused(error, began), answered);
            case SubmitAnswer.Uncertain(JobError error) ->
                change(job, new Next.Uncertain(error), new AttemptChange.Uncertain(error, began), answered);
        };
    }

    /** How long nothing is claimed after a 429. */
    static Duration wait(SubmitAnswer.Throttled throttled) {
        return throttled.retryAfter() == null ? THROTTLED_AGAIN : throttled.retryAfter();
    }

    /** The provider took it, but the row refuses the id, since another attempt has it. */
    static Transition unrecordable(ClaimedJob job, SubmitAnswer.Accepted accepted, Instant began, Instant answered) {
        JobError error = new JobError(
                ErrorClass.UNCERTAIN_SUBMISSION,
                "the provider gave the prediction id " + accepted.predictionId()
                        + ", which cannot be recorded for this job: it may have been charged",
                false);
        return change(job, new Next.Uncertain(error), new AttemptChange.Uncertain(error, began), answered);
    }

    private static Transition change(ClaimedJob job, Next next, AttemptChange attempt, Instant at) {
        return new Transition(job.jobId(), job.fence(), JobStatus.SUBMITTING, next, attempt, at);
    }

    /** What the end of its prediction makes of the job, by the provider's word or by ours. */
    Transition of(RunningJob job, PollResult result, Instant at) {
        return switch (result) {
            case PollResult.GivenUp givenUp ->
                // Paid, and it may still end: never bought again here.
                change(
                        job,
                        new Next.Failed(givenUp.error()),
                        new AttemptChange.Unfollowed(givenUp.error(), givenUp.observation(), givenUp.reason()),
                        at);
            case PollResult.Ended end ->
                switch (end.prediction()) {
                    case Prediction.Completed completed ->
                        change(
                                job,
                                new Next.Succeeded(completed.outputUrls()),
                                new AttemptChange.Ended(null, end.observation()),
                                at);
                    case Prediction.Failed failed -> failed(job, failed.error(), end, at);
                    case Prediction.Open open -> throw new IllegalStateException("polling ended with " + open);
                    case Prediction.Unknown unknown -> throw new IllegalStateException("polling ended with " + unknown);
                    case Prediction.Unreadable unreadable ->
                        throw new IllegalStateException("polling ended with " + unreadable);
                };
        };
    }

    /** The prediction completed, but the row refuses its outputs. */
    Transition unrecordable(RunningJob job, PollResult seen, Instant at) {
        JobError error = JobError.of(
                ErrorClass.INTERNAL, "the outputs of prediction " + job.predictionId() + " cannot be recorded");
        return failed(job, error, seen, at);
    }

    private Transition failed(RunningJob job, JobError error, PollResult seen, Instant at) {
        Optional<Duration> again =
                retries.again(new Tried(error, job.attempt(), job.maxAttempts(), job.createdAt()), at);
        Next next = again.isPresent() ? new Next.Queued(again.get()) : new Next.Failed(error);
        return change(job, next, new AttemptChange.Ended(error, seen.observation()), at);
    }

    private static Transition change(RunningJob job, Next next, AttemptChange attempt, Instant at) {
        return new Transition(job.jobId(), job.fence(), JobStatus.RUNNING, next, attempt, at);
    }
}
