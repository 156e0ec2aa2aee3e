package io.wavequeue.catalogue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * What a run costs, in USD, rounded half up to a micro-dollar.
 *
 * @param estimatedUsd what it is expected to cost; null = unknown, which is not 0
 * @param reservedUsd what a budget sets aside for it, the highest reading of an ambiguous price; null = unknown
 */
public record Price(
        @Nullable BigDecimal estimatedUsd, @Nullable BigDecimal reservedUsd) {
    /** Digits after the point: a micro-dollar. */
    public static final int SCALE = 6;

    static final Price UNKNOWN = new Price(null, null);

    public Price {
        estimatedUsd = rounded(estimatedUsd);
        reservedUsd = rounded(reservedUsd);
        if (estimatedUsd != null && reservedUsd != null && reservedUsd.compareTo(estimatedUsd) < 0) {
            throw new IllegalArgumentException(
                    "a price estimated at " + estimatedUsd + " cannot reserve only " + reservedUsd);
        }
    }

    static Price exactly(BigDecimal usd) {
        return new Price(usd, usd);
    }

    private static @Nullable BigDecimal rounded(@Nullable BigDecimal usd) {
        if (usd != null && usd.signum() < 0) {
            throw new IllegalArgumentException("a price cannot be negative: " + usd);
        }
        return usd == null ? null : usd.setScale(SCALE, RoundingMode.HALF_UP);
    }
}
