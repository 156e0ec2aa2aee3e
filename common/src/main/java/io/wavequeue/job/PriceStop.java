package io.wavequeue.job;

import java.math.BigDecimal;

/**
 * A model that is not submitted, since it was charged above what was expected.
 *
 * @param differenceId the difference to accept
 * @param expectedUsd its price as expected at the claim
 */
public record PriceStop(String model, long differenceId, BigDecimal expectedUsd, BigDecimal chargedUsd) {
    /** What the model's waiting jobs say. */
    public String message() {
        return "%s: %s was charged USD %s where USD %s was expected; none of it is submitted until a person accepts that price by POST /v1/costs/differences/%d/accept"
                .formatted(HoldReason.BUDGET.code(), model, shown(chargedUsd), shown(expectedUsd), differenceId);
    }

    private static String shown(BigDecimal usd) {
        return usd.stripTrailingZeros().toPlainString();
    }
}
