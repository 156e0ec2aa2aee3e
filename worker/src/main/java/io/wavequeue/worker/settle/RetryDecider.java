package io.wavequeue.worker.settle;

import io.wavequeue.job.JobError;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Whether a prediction that ended without outputs is bought again, and when. A pure function but for its chance. */
@ApplicationScoped
public class RetryDecider {
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 20;

    private final RandomGenerator random;
    private final Duration first;

    @Inject
    RetryDecider(RandomGenerator random, WorkerConfig config) {
        this(random, config.retryFirst());
    }

    RetryDecider(RandomGenerator random, Duration first) {
        this.random = random;
        this.first = first;
    }

    /**
     * The delay before the next attempt: full jitter under a bound that doubles.
     *
     * @param attempt number of the attempt that failed, from 1
     * @return empty when there is to be no other
     */
    public Optional<Duration> again(JobError error, int attempt, int maxAttempts) {
        if (!error.retryable() || attempt >= maxAttempts) {
            return Optional.empty();
        }
        Duration bound = first.multipliedBy(1L << Math.min(attempt - 1, MOST_DOUBLINGS));
        long most = Math.min(bound.toMillis(), LONGEST.toMillis());
        return Optional.of(Duration.ofMillis(random.nextLong(most + 1)));
    }
}
