package io.wavequeue.worker.settle;

import io.wavequeue.job.ErrorClass;
import java.time.Duration;

/**
 * How long to wait before an attempt that failed so is bought again.
 *
 * @param first bound of the first delay; it doubles with each attempt
 * @param longest what it never exceeds
 */
record RetryPolicy(Duration first, Duration longest) {
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int SLOWER_AFTER_TIMEOUT = 5;
    private static final int MOST_DOUBLINGS = 20;

    RetryPolicy {
        if (first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("retry from %s to at most %s".formatted(first, longest));
        }
    }

    /** A provider that took too long is given longer than one that broke. */
    static RetryPolicy of(ErrorClass errorClass, Duration first) {
        Duration began = errorClass == ErrorClass.PROVIDER_TIMEOUT ? first.multipliedBy(SLOWER_AFTER_TIMEOUT) : first;
        return new RetryPolicy(began, began.compareTo(LONGEST) > 0 ? began : LONGEST);
    }

    /** The most that may be waited after this attempt, from 1. */
    Duration bound(int attempt) {
        Duration doubled = first.multipliedBy(1L << Math.clamp(attempt - 1L, 0, MOST_DOUBLINGS));
        return doubled.compareTo(longest) > 0 ? longest : doubled;
    }
}
