package io.wavequeue.worker.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryDeciderTest {
    private static final JobError BROKE = JobError.of(ErrorClass.PROVIDER_ERROR, "it broke");

    private final RetryDecider decider = new RetryDecider(new Random(3), Duration.ofSeconds(2));

    @Test
    void shouldNotGoAgainWhenItCannotHelpOrMayNot() {
        assertThat(decider.again(JobError.of(ErrorClass.MODERATED, "no"), 1, 3)).isEmpty();
        assertThat(decider.again(BROKE, 3, 3)).isEmpty();
        assertThat(decider.again(BROKE, 1, 1)).isEmpty();
    }

    @Test
    void shouldWaitWithFullJitterUnderABoundThatDoubles() {
        for (int attempt = 1; attempt < 10; attempt++) {
            Duration bound = Duration.ofSeconds(Math.min(300, 2L << (attempt - 1)));
            Duration longest = Duration.ZERO;
            for (int i = 0; i < 500; i++) {
                Duration wait = decider.again(BROKE, attempt, 10).orElseThrow();
                assertThat(wait).isBetween(Duration.ZERO, bound);
                longest = longest.compareTo(wait) > 0 ? longest : wait;
            }
            assertThat(longest).isGreaterThan(bound.multipliedBy(9).dividedBy(10));
        }
    }
}
