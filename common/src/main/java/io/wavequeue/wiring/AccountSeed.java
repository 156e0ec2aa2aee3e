package io.wavequeue.wiring;

import io.quarkus.runtime.StartupEvent;
import io.wavequeue.catalogue.Catalogue;
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
        accounts.seed(limits(), budget());
    }

    Limits limits() {
        String name = config.tier().orElse(provider.isReal() ? Tier.BRONZE.code() : Tier.ULTRA.code());
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

    @Nullable
    BigDecimal budget() {
        return config.dailyBudgetUsd().orElse(provider.isReal() ? REAL_BUDGET : null);
    }
}
