package io.wavequeue.wiring;

import io.quarkus.runtime.StartupEvent;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.job.Account;
import io.wavequeue.job.Account.Limits;
import io.wavequeue.job.Tier;
import io.wavequeue.store.AccountStore;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.math.BigDecimal;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Writes the account's row at the first start of an installation; afterwards the row is the truth. Checks the catalogue. */
@ApplicationScoped
public class AccountSeed {
    /** Before anything that reads the account. */
    public static final int FIRST = 100;

    private static final Logger LOG = Logger.getLogger(AccountSeed.class);
    private static final BigDecimal REAL_BUDGET = BigDecimal.TEN;

    private final WavequeueConfig config;
    private final ProviderConfig provider;
    private final AccountStore accounts;

    AccountSeed(WavequeueConfig config, ProviderConfig provider, AccountStore accounts) {
        this.config = config;
        this.provider = provider;
        this.accounts = accounts;
    }

    /** The catalogue is asked for so that a broken model file ends the start, not the first request. */
    void onStart(@Observes @Priority(FIRST) StartupEvent start, Catalogue catalogue) {
        LOG.debugf("%d models", catalogue.models().size());
        accounts.seed(limits(config, provider.isReal()), budget(config, provider.isReal()));
    }

    static Limits limits(WavequeueConfig config, boolean isReal) {
        String name = config.tier().orElse(isReal ? Tier.BRONZE.code() : Tier.ULTRA.code());
        Limits preset = Tier.of(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "WAVEQUEUE_TIER is \"" + name + "\"; it is one of bronze, silver, gold, ultra"))
                .limits();
        if (config.submitsPerMinute().isEmpty() && config.maxInFlight().isEmpty()) {
            return preset;
        }
        return new Limits(
                "custom",
                config.submitsPerMinute().orElse(preset.submitsPerMinute()),
                config.maxInFlight().orElse(preset.maxInFlight()));
    }

    static @Nullable BigDecimal budget(WavequeueConfig config, boolean isReal) {
        BigDecimal budget = config.dailyBudgetUsd().orElse(isReal ? REAL_BUDGET : null);
        if (budget != null && !Account.isBudget(budget)) {
            throw new IllegalArgumentException(
                    "WAVEQUEUE_DAILY_BUDGET_USD is %s; it is a number from 0 to %s with at most %d places"
                            .formatted(
                                    budget.toPlainString(),
                                    Account.MOST_BUDGET_USD.toPlainString(),
                                    Account.USD_PLACES));
        }
        return budget;
    }
}
