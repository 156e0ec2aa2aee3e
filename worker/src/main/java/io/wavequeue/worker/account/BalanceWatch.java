package io.wavequeue.worker.account;

import io.quarkus.runtime.StartupEvent;
import io.wavequeue.store.AccountStore;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.worker.provider.WaveSpeed;
import io.wavequeue.worker.run.Sleeper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Asks for the balance once a minute; a GET that costs nothing. */
@ApplicationScoped
class BalanceWatch {
    private static final Logger LOG = Logger.getLogger(BalanceWatch.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final WaveSpeed provider;
    private final AccountStore accounts;
    private final Sleeper sleeper;

    BalanceWatch(WaveSpeed provider, AccountStore accounts, Sleeper sleeper) {
        this.provider = provider;
        this.accounts = accounts;
        this.sleeper = sleeper;
    }

    void onStart(@Observes StartupEvent start) {
        Thread.ofVirtual().name("balance").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                step();
                sleeper.sleep(EVERY);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() throws InterruptedException {
        try {
            accounts.balance(provider.balance());
        } catch (IOException | DatabaseAwayException unknown) {
            LOG.debugf("the balance is not known just now: %s", unknown.getMessage());
        }
    }
}
