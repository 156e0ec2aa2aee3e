package io.wavequeue.job;

import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a batch may cost, and what of it is committed.
 *
 * @param usd null = no limit
 * @param committedUsd reserved by open attempts plus charged by ended ones
 */
public record BatchBudget(UUID batchId, @Nullable BigDecimal usd, BigDecimal committedUsd) {
    /** Without a budget everything is covered; with one, a price that nobody knows cannot be reserved. */
    public boolean covers(@Nullable BigDecimal reserveUsd) {
        return usd == null
                || (reserveUsd != null && committedUsd.add(reserveUsd).compareTo(usd) <= 0);
    }

    /** The same after so much more was reserved; null = nothing, since nobody knows the price. */
    public BatchBudget reserved(@Nullable BigDecimal reserveUsd) {
        return reserveUsd == null ? this : new BatchBudget(batchId, usd, committedUsd.add(reserveUsd));
    }

    /** What is left; null = no limit. Below zero when the bill was higher than expected, or the budget was lowered. */
    public @Nullable BigDecimal leftUsd() {
        return usd == null ? null : usd.subtract(committedUsd);
    }

    /** What a job says that it does not cover. */
    public String message(@Nullable BigDecimal reserveUsd) {
        if (usd == null) {
            throw new IllegalStateException("batch " + batchId + " has no budget");
        }
        return "%s: USD %s of the budget of USD %s of batch %s are committed and this job %s"
                .formatted(
                        HoldReason.BUDGET.code(), shown(committedUsd), shown(usd), batchId, needAndRemedy(reserveUsd));
    }

    private String needAndRemedy(@Nullable BigDecimal reserveUsd) {
        String call = " by PATCH /v1/batches/" + batchId;
        return reserveUsd == null
                ? "has no known price, which no budget covers; set budget_usd to null" + call
                : "needs %s; raise budget_usd to at least %s%s"
                        .formatted(shown(reserveUsd), shown(committedUsd.add(reserveUsd)), call);
    }

    private static String shown(BigDecimal usd) {
        return usd.stripTrailingZeros().toPlainString();
    }
}
