package io.wavequeue.api.bulk;

import io.wavequeue.job.Account;
import io.wavequeue.store.AccountStore.Use;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What there is to pay with, in USD.
 *
 * @param balance the provider's account, as it was read last; null = not known
 * @param budgetLeft of the current day; null = no limit
 */
record Purse(@Nullable BigDecimal balance, @Nullable BigDecimal budgetLeft) {
    static Purse of(Account account, Use use) {
        BigDecimal daily = account.dailyBudgetUsd();
        return new Purse(
                use.balanceUsd(),
                daily == null ? null : daily.subtract(use.committedTodayUsd()).max(BigDecimal.ZERO));
    }
}
