package io.wavequeue.worker.account;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Dispatcher;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.store.AccountStore;
import io.wavequeue.store.BreakerStore;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.worker.provider.WaveSpeed;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Asks for the balance once a minute; a GET that costs nothing. When submitting was stopped for want of credit and the
 * balance covers the cheapest job that waits, one job goes as a probe.
 */
@ApplicationScoped
class BalanceWatch {
    private static final Logger LOG = Logger.getLogger(BalanceWatch.class);

    private final WaveSpeed provider;
    private final AccountStore accounts;
    private final BreakerStore breakers;
    private final ProviderHealth health;
    private final Dispatcher dispatcher;
    private final Duration every;
    private final Loop loop = new Loop("balance", this::step);

    BalanceWatch(
            WaveSpeed provider,
            AccountStore accounts,
            BreakerStore breakers,
            ProviderHealth health,
            Dispatcher dispatcher,
            WorkerConfig config) {
        this.provider = provider;
        this.accounts = accounts;
        this.breakers = breakers;
        this.health = health;
        this.dispatcher = dispatcher;
        this.every = config.balanceEvery();
    }

    void onStart(@Observes StartupEvent start) {
        loop.start();
    }

    void onStop(@Observes ShutdownEvent stop) {
        loop.stop();
    }

    /** A loop's edge: the next look tries again. */
    private Duration step() throws InterruptedException {
        try {
            BigDecimal balance = provider.balance();
            accounts.balance(balance);
            if (breakers.probeCredit(balance, health.policy())) {
                LOG.infof("the balance is USD %s: one job is submitted to see whether there is credit", balance);
                dispatcher.wake();
            }
        } catch (IOException | DatabaseAwayException unknown) {
            LOG.debugf("the balance is not known just now: %s", unknown.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("looking at the balance failed and is tried again", failure);
        }
        return every;
    }
}
