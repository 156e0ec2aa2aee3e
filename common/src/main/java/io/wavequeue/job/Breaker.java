package io.wavequeue.job;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a model's submits, or the account's, went lately. Closed, it counts failures in a row; open, it lets one probe at
 * a time through.
 *
 * @param scope a model's id, or {@link #ACCOUNT}
 * @param failures submits in a row without an answer
 * @param threshold failures at which it opens
 * @param openedAt null = closed
 * @param probeAt no probe before; null = closed
 * @param probeWait between a probe and the next; doubles
 * @param lastJobId the last probe; null = none yet
 * @param reason what happened last, in a sentence
 * @param balanceUsd what a probe may cost, when it is about credit; null = unknown
 */
public record Breaker(
        String scope,
        Cause cause,
        int failures,
        int threshold,
        @Nullable Instant openedAt,
        @Nullable Instant probeAt,
        Duration probeWait,
        @Nullable UUID lastJobId,
        String reason,
        @Nullable BigDecimal balanceUsd) {
    /** The scope that covers every model. */
    public static final String ACCOUNT = "*";

    /** Credit comes back by a person's act: there is no hurry. A higher balance is probed at once. */
    private static final Duration LONGEST_FOR_CREDIT = Duration.ofHours(1);

    /** Why it counts. */
    public enum Cause {
        /** The provider does not answer, or answers nothing that is certain. */
        UNANSWERED,
        /** The provider answers that there is no credit. */
        OUT_OF_CREDITS;

        /** The name in the database and in JSON. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * When breakers open, and how often they probe.
     *
     * @param threshold failures in a row that open one
     * @param first wait before the first probe
     * @param longest bound of the wait, which doubles
     */
    public record Policy(int threshold, Duration first, Duration longest) {
        public Policy {
            if (threshold < 1) {
                throw new IllegalArgumentException("breaker threshold " + threshold + " is not at least 1");
            }
            if (first.toMillis() < 1 || longest.compareTo(first) < 0) {
                throw new IllegalArgumentException(
                        "breaker probe waits: first %s is not from 1 ms to longest %s".formatted(first, longest));
            }
        }
    }

    /** A submit that was not answered. {@code sent} is false when nothing of it left: a probe of the kind is free. */
    public record Failure(String model, UUID jobId, boolean sent, String reason) {}

    static Breaker firstFailure(Failure failure, Instant now, Policy policy) {
        Breaker none = new Breaker(
                failure.model(),
                Cause.UNANSWERED,
                0,
                policy.threshold(),
                null,
                null,
                policy.first(),
                null,
                failure.reason(),
                null);
        return none.failed(failure, now, policy);
    }

    static Breaker account(Cause cause, String reason, Instant now, Policy policy) {
        return new Breaker(ACCOUNT, cause, 1, 1, now, now.plus(policy.first()), policy.first(), null, reason, null);
    }

    public boolean isOpen() {
        return openedAt != null;
    }

    public boolean isAccount() {
        return scope.equals(ACCOUNT);
    }

    public boolean isDue(Instant now) {
        return probeAt != null && !probeAt.isAfter(now);
    }

    /** Whether an answer to a submit says something about the time since it opened. */
    boolean hears(UUID jobId, Instant claimedAt) {
        return openedAt == null || jobId.equals(lastJobId) || claimedAt.isAfter(openedAt);
    }

    Breaker failed(Failure failure, Instant now, Policy policy) {
        int count = failures + 1;
        if (openedAt == null && !isAccount() && count >= policy.threshold()) {
            return new Breaker(
                    scope,
                    cause,
                    count,
                    policy.threshold(),
                    now,
                    now.plus(policy.first()),
                    policy.first(),
                    null,
                    failure.reason(),
                    balanceUsd);
        }
        boolean probe = openedAt != null && failure.jobId().equals(lastJobId);
        Duration next = failure.sent() ? longer(policy.longest()) : policy.first();
        return new Breaker(
                scope,
                cause,
                count,
                isAccount() ? threshold : policy.threshold(),
                openedAt,
                probe ? now.plus(next) : probeAt,
                probe ? next : probeWait,
                lastJobId,
                failure.reason(),
                balanceUsd);
    }

    Breaker refusedForCredit(UUID jobId, String why, Instant now) {
        boolean probe = jobId.equals(lastJobId);
        Duration next = probe ? longer(LONGEST_FOR_CREDIT) : probeWait;
        return new Breaker(
                scope,
                cause,
                failures + 1,
                threshold,
                openedAt,
                probe ? now.plus(next) : probeAt,
                next,
                lastJobId,
                why,
                balanceUsd);
    }

    /** A probe was claimed: the next one not before the wait is over. */
    public Breaker probed(UUID jobId, Instant now) {
        return new Breaker(
                scope, cause, failures, threshold, openedAt, now.plus(probeWait), probeWait, jobId, reason, balanceUsd);
    }

    Breaker dueAt(Instant now) {
        return new Breaker(scope, cause, failures, threshold, openedAt, now, probeWait, lastJobId, reason, balanceUsd);
    }

    Breaker balance(@Nullable BigDecimal usd) {
        return new Breaker(scope, cause, failures, threshold, openedAt, probeAt, probeWait, lastJobId, reason, usd);
    }

    private Duration longer(Duration longest) {
        Duration doubled = probeWait.multipliedBy(2);
        return doubled.compareTo(longest) > 0 ? longest : doubled;
    }
}
