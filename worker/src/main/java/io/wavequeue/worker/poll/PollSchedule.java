package io.wavequeue.worker.poll;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** When to look next: a share of the run time so far, and longer while looks fail. */
final class PollSchedule {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration LONGEST_IN_TROUBLE = Duration.ofSeconds(30);
    private static final int SHARE = 6;
    private static final int MOST_DOUBLINGS = 10;

    private final RandomGenerator random;

    PollSchedule(RandomGenerator random) {
        this.random = random;
    }

    /**
     * @param age run time so far
     * @param failures looks that failed in a row
     */
    Duration next(Duration age, int failures) {
        Duration usual = clamp(age.dividedBy(SHARE), LONGEST);
        Duration wait = failures == 0
                ? usual
                : clamp(usual.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS)), LONGEST_IN_TROUBLE);
        return Duration.ofNanos((long) (wait.toNanos() * (0.9 + 0.2 * random.nextDouble())));
    }

    private static Duration clamp(Duration wait, Duration longest) {
        return wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait.compareTo(longest) > 0 ? longest : wait;
    }
}
