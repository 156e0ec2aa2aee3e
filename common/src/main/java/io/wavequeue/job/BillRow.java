package io.wavequeue.job;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A line of the provider's bill.
 *
 * @param uuid the provider's name of the line
 * @param predictionId null = the line is about no prediction
 * @param model as the bill names it; null = not named
 * @param usd never negative, in whole micro-dollars
 * @param at the provider's time of the booking
 * @param settled false while the amount may still change
 */
public record BillRow(
        String uuid,
        @Nullable String predictionId,
        @Nullable String model,
        Kind kind,
        BigDecimal usd,
        Instant at,
        boolean settled) {
    private static final int MICRO_DOLLARS = 6;

    public BillRow {
        usd = usd.setScale(MICRO_DOLLARS, RoundingMode.HALF_UP);
        if (usd.signum() < 0) {
            throw new IllegalArgumentException("the amount " + usd + " of the line " + uuid + " is negative");
        }
    }

    /** Which way the money went. */
    public enum Kind {
        /** To the provider. */
        DEDUCT,
        /** Back to us. */
        REFUND;

        /** The name in the database. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
