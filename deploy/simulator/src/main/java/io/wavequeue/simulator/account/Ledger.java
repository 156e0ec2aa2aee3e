package io.wavequeue.simulator.account;

import java.math.BigDecimal;
import java.util.List;

/** Accepted submits in their order, and the sums over all of them (also when only some are listed). */
public record Ledger(List<LedgerEntry> entries, Totals totals) {

    /**
     * The sums.
     *
     * @param accepted number of accepted submits
     * @param foreignUsd charged for what others made, and in none of the other sums
     */
    public record Totals(long accepted, BigDecimal chargedUsd, BigDecimal refundedUsd, BigDecimal foreignUsd) {}
}
