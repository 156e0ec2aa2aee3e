package io.wavequeue.worker.poll;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait for the next look: as the plan for its kind of run says, and longer while looks fail. */
@Singleton
final class PollSchedule {
    private static final Duration LONGEST_IN_TROUBLE = Duration.ofSeconds(30);
    private static final int MOST_DOUBLINGS = 10;

    private final RandomGenerator random;

    PollSchedule(RandomGenerator random) {
        this.random = random;
    }

    /**
     * @param plan of its kind of run
     * @param open run time at the last look that found it open; 0 = none did
     * @param age run time so far
     * @param failures looks that failed in a row
     * @return 0 when its first look is overdue
     */
    Duration next(PollPlan plan, Duration open, Duration age, int failures) {
        if (failures > 0) {
            Duration wait =
                    duration(PollPlan.usual(seconds(age))).multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
            return jittered(wait.compareTo(LONGEST_IN_TROUBLE) < 0 ? wait : LONGEST_IN_TROUBLE);
        }
        Duration wait = duration(plan.nextLook(seconds(open)) - seconds(age));
        Duration least = open.isPositive() ? duration(PollPlan.least(seconds(age))) : Duration.ZERO;
        // Planned looks are as spread as the submits were; others would come in step after an outage.
        wait = plan.isLearned() ? wait : jittered(wait);
        return wait.compareTo(least) < 0 ? least : wait;
    }

    private Duration jittered(Duration wait) {
        return Duration.ofNanos((long) (wait.toNanos() * (0.9 + 0.2 * random.nextDouble())));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
