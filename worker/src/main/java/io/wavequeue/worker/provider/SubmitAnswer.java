package io.wavequeue.worker.provider;

import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What became of a POST. */
public sealed interface SubmitAnswer {
    /** The provider made a prediction: it is charged. */
    record Accepted(String predictionId) implements SubmitAnswer {}

    /**
     * No byte of the request was handed to an established connection; it may go again after the delay.
     *
     * @param providerAway whether that is because no connection could be had; else the reason is ours
     */
    record NotSent(String reason, Duration again, boolean providerAway) implements SubmitAnswer {
        /** Not sent for a reason of our own. */
        public NotSent(String reason, Duration again) {
            this(reason, again, false);
        }
    }

    /** 429: refused for now. */
    record Throttled(@Nullable Duration retryAfter) implements SubmitAnswer {}

    /** Refused for good; not charged. */
    record Refused(JobError error) implements SubmitAnswer {}

    /** Refused because of the account, not because of the request; not charged. */
    record AccountTrouble(HoldReason reason, String message) implements SubmitAnswer {
        public AccountTrouble {
            message = JobError.of(reason.errorClass(), message).message();
        }
    }

    /** It may have been charged. */
    record Uncertain(JobError error) implements SubmitAnswer {}
}
