package io.wavequeue.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One change of state of a job that a worker holds, with what became of its attempt.
 *
 * <p>Applied only while the row still has the expected state and the fence; otherwise somebody else has taken the job
 * over and nothing changes. A job whose cancel was requested becomes {@code CANCELLED} wherever the transition would
 * end it, hold it or queue it again.
 *
 * @param at when it happened, by the worker's clock
 */
public record Transition(UUID jobId, long fence, JobStatus expected, Next next, AttemptChange attempt, Instant at) {

    public Transition {
        if (!expected.mayBecome(next.status())) {
            throw new IllegalArgumentException("no edge leads from " + expected + " to " + next.status());
        }
    }

    /** It is about a submit of which nobody knew the outcome: evidence that comes meanwhile has to be waited for. */
    public boolean isOfADoubt() {
        return expected == JobStatus.UNCERTAIN || expected == JobStatus.HELD;
    }

    /** The state that follows, and what belongs to it. */
    public sealed interface Next {
        JobStatus status();

        /** The prediction is known and polled. */
        record Running() implements Next {
            @Override
            public JobStatus status() {
                return JobStatus.RUNNING;
            }
        }

        /** Nobody knows whether the submit was taken. */
        record Uncertain(JobError error) implements Next {
            @Override
            public JobStatus status() {
                return JobStatus.UNCERTAIN;
            }
        }

        /** Goes again after the delay. */
        record Queued(Duration delay) implements Next {
            @Override
            public JobStatus status() {
                return JobStatus.QUEUED;
            }
        }

        /** Waits for a condition. */
        record Held(HoldReason reason, JobError error) implements Next {
            @Override
            public JobStatus status() {
                return JobStatus.HELD;
            }
        }

        /** Ended with outputs. */
        record Succeeded(List<String> outputUrls) implements Next {
            @Override
            public JobStatus status() {
                return JobStatus.SUCCEEDED;
            }
        }

        /** Ended without. */
        record Failed(JobError error) implements Next {
            @Override
            public JobStatus status() {
                return JobStatus.FAILED;
            }
        }
    }

    /** What became of the attempt. */
    public sealed interface AttemptChange {
        /** The attempts stay as they are. */
        record None() implements AttemptChange {}

        /** It may not have been accepted: a 429, a refused key or an unsent request leave no attempt. */
        record Removed(boolean reachedProvider) implements AttemptChange {}

        /**
         * The provider made a prediction of it. The price is booked as charged.
         *
         * @param submittedAt null = as it was written before
         */
        record Accepted(String predictionId, @Nullable Instant submittedAt) implements AttemptChange {}

        /** The provider refused it. Nothing is charged. */
        record Refused(JobError error, Instant submittedAt) implements AttemptChange {}

        /** The POST's outcome is unknown. The reservation stays. */
        record Uncertain(JobError error, Instant submittedAt) implements AttemptChange {}

        /** It was uncertain and stays so. */
        record StillUncertain(JobError error) implements AttemptChange {}

        /** It was uncertain, and it is proved that the provider made nothing of it. Nothing is charged. */
        record NotCreated(JobError error) implements AttemptChange {}

        /** It was uncertain, and somebody decided to wait no longer. The reservation stays committed: it may be charged. */
        record GivenUp(JobError error) implements AttemptChange {}

        /** We follow its prediction no longer, though the provider has not ended it: from now on it is only looked at. */
        record Unfollowed(JobError error, Observation observation, LookoutReason reason) implements AttemptChange {}

        /** The prediction reached a terminal status. */
        record Ended(@Nullable JobError error, Observation observation) implements AttemptChange {}
    }

    /**
     * What polling saw.
     *
     * @param polls number of GETs that were answered
     * @param inferenceMs as told by the provider; null = not told
     * @param detectMs time between the last poll that found it running and the one that found it done
     */
    public record Observation(
            int polls,
            @Nullable Integer inferenceMs,
            @Nullable Integer detectMs) {}
}
