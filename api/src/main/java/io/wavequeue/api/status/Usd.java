package io.wavequeue.api.status;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Amounts as they are shown: up to 6 places, none for nothing. */
public final class Usd {
    private Usd() {}

    public static @Nullable BigDecimal shown(@Nullable BigDecimal usd) {
        if (usd == null) {
            return null;
        }
        BigDecimal plain = usd.stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }
}
