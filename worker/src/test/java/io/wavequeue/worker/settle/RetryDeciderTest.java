package io.wavequeue.worker.settle;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import io.wavequeue.worker.settle.RetryDecider.Tried;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryDeciderTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration DEADLINE = Duration.ofHours(24);
    private static final JobError BROKE = JobError.of(ErrorClass.PROVIDER_ERROR, "it broke");

    private final RetryDecider decider = new RetryDecider(new Random(3), Duration.ofSeconds(2), DEADLINE);

    private Optional<Duration> again(JobError error, int attempt, int maxAttempts) {
        return decider.again(new Tried(error, attempt, maxAttempts, NOW), NOW);
    }

    @Test
    void shouldNotGoAgainWhenItCannotHelpOrMayNot() {
        assertThat(again(JobError.of(ErrorClass.MODERATED, "no"), 1, 3)).isEmpty();
        assertThat(again(BROKE, 3, 3)).isEmpty();
        assertThat(again(BROKE, 1, 1)).isEmpty();
    }

    @Test
    void shouldWaitWithFullJitterUnderABoundThatDoubles() {
        for (int attempt = 1; attempt < 10; attempt++) {
            Duration bound = Duration.ofSeconds(Math.min(300, 2L << (attempt - 1)));
            Duration longest = Duration.ZERO;
            for (int i = 0; i < 500; i++) {
                Duration wait = again(BROKE, attempt, 10).orElseThrow();
                assertThat(wait).isBetween(Duration.ZERO, bound);
                longest = longest.compareTo(wait) > 0 ? longest : wait;
            }
            assertThat(longest).isGreaterThan(bound.multipliedBy(9).dividedBy(10));
        }
    }

    @Test
    void shouldNotGoAgainWhenTheJobWouldBeOlderThanItsDeadline() {
        for (int i = 0; i < 1_000; i++) {
            Duration left = Duration.ofMillis(i);
            Tried failed = new Tried(BROKE, 1, 3, NOW.minus(DEADLINE).plus(left));

            decider.again(failed, NOW).ifPresent(wait -> assertThat(wait).isLessThanOrEqualTo(left));
        }
        assertThat(decider.again(new Tried(BROKE, 1, 3, NOW.minus(DEADLINE).minusMillis(1)), NOW))
                .isEmpty();
    }

    @Test
    void shouldKeepItsBoundsForEveryErrorAttemptAndPolicy() {
        Random seeds = new Random(11);
        for (int i = 0; i < 50_000; i++) {
            ErrorClass errorClass = ErrorClass.values()[seeds.nextInt(ErrorClass.values().length)];
            int maxAttempts = seeds.nextInt(1, 11);
            int attempt = seeds.nextInt(1, 13);
            Duration first = Duration.ofMillis(seeds.nextLong(0, 600_000));
            Instant created = NOW.minusSeconds(seeds.nextLong(0, 2 * DEADLINE.toSeconds()));
            RetryPolicy policy = RetryPolicy.of(errorClass, first);

            Optional<Duration> wait = new RetryDecider(new Random(i), first, DEADLINE)
                    .again(new Tried(JobError.of(errorClass, "why"), attempt, maxAttempts, created), NOW);

            assertThat(policy.bound(attempt + 1))
                    .isGreaterThanOrEqualTo(policy.bound(attempt))
                    .isLessThanOrEqualTo(policy.longest());
            if (wait.isPresent()) {
                assertThat(errorClass.isRetryable()).isTrue();
                assertThat(attempt).isLessThan(maxAttempts);
                assertThat(wait.get()).isBetween(Duration.ZERO, policy.bound(attempt));
                assertThat(NOW.plus(wait.get())).isBeforeOrEqualTo(created.plus(DEADLINE));
            }
        }
    }

    @Test
    void shouldGiveAProviderThatTookTooLongMoreTime() {
        Duration first = Duration.ofSeconds(2);

        assertThat(RetryPolicy.of(ErrorClass.PROVIDER_TIMEOUT, first).bound(1))
                .isGreaterThan(RetryPolicy.of(ErrorClass.PROVIDER_ERROR, first).bound(1));
    }
}
