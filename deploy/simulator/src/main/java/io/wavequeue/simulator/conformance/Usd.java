package io.wavequeue.simulator.conformance;

import java.math.BigDecimal;

/** Money as it is shown. */
final class Usd {
    private Usd() {}

    static String text(BigDecimal amount) {
        return amount.stripTrailingZeros().toPlainString() + " USD";
    }
}
