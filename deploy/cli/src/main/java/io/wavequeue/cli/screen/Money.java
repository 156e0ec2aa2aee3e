package io.wavequeue.cli.screen;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Amounts in USD: the exact sum of those that are known, and how many are not. An unknown amount is never counted as 0
 * without being said.
 */
public record Money(BigDecimal known, int unknown) {

    private static final int CENTS = 2;
    private static final int MICRO = 6;

    /** The sum of the amounts; null is an unknown one. */
    public static Money sum(Iterable<? extends @Nullable BigDecimal> amounts) {
        BigDecimal known = BigDecimal.ZERO;
        int unknown = 0;
        for (BigDecimal amount : amounts) {
            if (amount == null) {
                unknown++;
            } else {
                known = known.add(amount);
            }
        }
        return new Money(known, unknown);
    }

    /** One amount with six places, for a column; {@code -} when it is unknown. */
    public static String column(@Nullable BigDecimal amount) {
        return amount == null
                ? "-"
                : amount.setScale(MICRO, RoundingMode.HALF_UP).toPlainString();
    }

    /** One amount as short as it stays exact: {@code $0.0446}. */
    public static String exact(BigDecimal amount) {
        BigDecimal stripped = amount.stripTrailingZeros();
        String sign = stripped.signum() < 0 ? "-$" : "$";
        BigDecimal shown = stripped.scale() < CENTS ? stripped.setScale(CENTS) : stripped;
        return sign + shown.abs().toPlainString();
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        parts.add(exact(known));
        if (unknown > 0) {
            parts.add("+ " + unknown + " unknown");
        }
        return String.join(" ", parts);
    }
}
