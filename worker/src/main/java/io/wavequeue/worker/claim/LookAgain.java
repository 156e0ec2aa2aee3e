package io.wavequeue.worker.claim;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When to look for permits again.
 *
 * <p>Every worker reads the same times from the same row. Without chance all of them would ask at the same moment, queue up
 * for the account's row, and the same one would always come first.
 */
@ApplicationScoped
class LookAgain {
    private static final Duration SOONEST = Duration.ofMillis(100);
    private static final Duration LATEST = Duration.ofMillis(200);
    private static final Duration SPREAD_AFTER_THROTTLE = Duration.ofSeconds(1);

    private final RandomGenerator random;

    LookAgain(RandomGenerator random) {
        this.random = random;
    }

    /** @param throttledFor how long nobody is granted anything; zero = permits may come free at any moment */
    Duration in(Duration throttledFor) {
        return throttledFor.isPositive()
                ? throttledFor.plus(upTo(SPREAD_AFTER_THROTTLE))
                : SOONEST.plus(upTo(LATEST.minus(SOONEST)));
    }

    private Duration upTo(Duration most) {
        return Duration.ofNanos(random.nextLong(most.toNanos() + 1));
    }
}
