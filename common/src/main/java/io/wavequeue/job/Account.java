package io.wavequeue.job;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The provider account as we use it.
 *
 * @param limits what may be submitted and be in flight
 * @param dailyBudgetUsd null = no limit; a day is a UTC day
 * @param hold why nothing is submitted now; null = submitting goes on
 * @param throttledUntil nothing is claimed before; null = not throttled
 * @param pace since the last 429; null = none since a person resumed
 */
public record Account(
        Limits limits,
        @Nullable BigDecimal dailyBudgetUsd,
        @Nullable Hold hold,
        @Nullable Instant throttledUntil,
        @Nullable Pace pace) {

    /** A daily budget is at most so high. */
    public static final BigDecimal MOST_BUDGET_USD = BigDecimal.valueOf(10_000_000);

    /** Places after the point that an amount may have. */
    public static final int USD_PLACES = 6;

    /** The same account with other limits and another budget. */
    public Account changed(Limits limits, @Nullable BigDecimal dailyBudgetUsd) {
        return new Account(limits, dailyBudgetUsd, hold, throttledUntil, pace);
    }

    /** The pace, while it is below the limit; null = not slowed. */
    public @Nullable Pace slowPace(Instant now) {
        return pace != null && pace.isSlow(limits.submitsPerMinute(), now) ? pace : null;
    }

    /** Whether a daily budget may be so high. */
    public static boolean isBudget(BigDecimal usd) {
        return usd.signum() >= 0
                && usd.compareTo(MOST_BUDGET_USD) <= 0
                && (usd.signum() == 0 || usd.stripTrailingZeros().scale() <= USD_PLACES);
    }

    /**
     * Limits of the account over all workers.
     *
     * @param tier the preset's name, or {@code custom}
     * @param submitsPerMinute null = no limit
     * @param maxInFlight null = no limit
     */
    public record Limits(
            String tier,
            @Nullable Integer submitsPerMinute,
            @Nullable Integer maxInFlight) {
        public Limits {
            if (submitsPerMinute != null && submitsPerMinute < 1) {
                throw new IllegalArgumentException("submits_per_minute " + submitsPerMinute + " is not at least 1");
            }
            if (maxInFlight != null && maxInFlight < 1) {
                throw new IllegalArgumentException("max_in_flight " + maxInFlight + " is not at least 1");
            }
        }
    }

    /** Why nothing is submitted, in a word and in a sentence. */
    public record Hold(HoldReason reason, String message) {}
}
