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
 */
public record Account(
        Limits limits,
        @Nullable BigDecimal dailyBudgetUsd,
        @Nullable Hold hold,
        @Nullable Instant throttledUntil) {

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
