package io.wavequeue.worker.settle;

import io.wavequeue.job.JobError;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Whether a prediction that ended without outputs is bought again, and when. A pure function but for its chance.
 *
 * <p>Asked only about attempts that were paid: a 429, a request that was not sent, a shutdown and an open breaker burn
 * nothing and never come here.
 */
@ApplicationScoped
public class RetryDecider {
    private final RandomGenerator random;
    private final Duration first;
    private final Duration deadline;

    @Inject
    RetryDecider(RandomGenerator random, WorkerConfig config) {
        this(random, config.retryFirst(), config.jobDeadline());
    }

    RetryDecider(RandomGenerator random, Duration first, Duration deadline) {
        this.random = random;
        this.first = first;
        this.deadline = deadline;
    }

    /**
     * An attempt that failed.
     *
     * @param attempt its number, from 1
     * @param createdAt when the job was admitted, from which its deadline runs
     */
    public record Tried(JobError error, int attempt, int maxAttempts, Instant createdAt) {}

    /**
     * The delay before the next attempt: full jitter under a bound that doubles, by the error's class.
     *
     * @return empty when there is to be no other
     */
    public Optional<Duration> again(Tried failed, Instant now) {
        if (!failed.error().retryable() || failed.attempt() >= failed.maxAttempts()) {
            return Optional.empty();
        }
        RetryPolicy policy = RetryPolicy.of(failed.error().errorClass(), first);
        Duration delay =
                Duration.ofMillis(random.nextLong(policy.bound(failed.attempt()).toMillis() + 1));
        return now.plus(delay).isAfter(failed.createdAt().plus(deadline)) ? Optional.empty() : Optional.of(delay);
    }
}
