package io.wavequeue.simulator.catalogue;

import java.math.BigDecimal;

/**
 * How listed prices are applied.
 *
 * @param byOutput whether a price by the second counts the source too
 * @param wholeSeconds whether those seconds are rounded up
 * @param byLength whether a flat price goes by the clip's length after all, the listed one being that of 30 seconds
 * @param factor times all of it
 */
public record Tariff(boolean byOutput, boolean wholeSeconds, boolean byLength, BigDecimal factor) {
    static final BigDecimal USUAL_SECONDS = BigDecimal.valueOf(30);
}
