package io.wavequeue.worker.quote;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.quote.QuoteConfig;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.QuoteStore;
import io.wavequeue.store.QuoteStore.Due;
import io.wavequeue.worker.media.MediaInputs;
import io.wavequeue.worker.media.MediaInputs.PreparedInput;
import io.wavequeue.worker.provider.PriceAnswer;
import io.wavequeue.worker.provider.WaveSpeed;
import io.wavequeue.worker.run.Heartbeat;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Takes due questions and asks them, a few at a time and no faster than all workers together may: polls and submits are more
 * urgent. Every worker does; a question is one worker's at a time.
 */
@ApplicationScoped
public class Quoter {
    private static final Logger LOG = Logger.getLogger(Quoter.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration TROUBLE = Duration.ofSeconds(5);
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration FIRST_AGAIN = Duration.ofMillis(500);
    private static final int MOST_AT_ONCE = 4;
    private static final int MOST_TRIES = 3;

    private final QuoteStore store;
    private final WaveSpeed provider;
    private final MediaInputs media;
    private final Heartbeat heartbeat;
    private final QuoteConfig config;
    private final Loop loop = new Loop("quotes", this::tick);

    Quoter(QuoteStore store, WaveSpeed provider, MediaInputs media, Heartbeat heartbeat, QuoteConfig config) {
        this.store = store;
        this.provider = provider;
        this.media = media;
        this.heartbeat = heartbeat;
        this.config = config;
    }

    void onStart(@Observes StartupEvent start) {
        if (config.enabled()) {
            loop.start();
        }
    }

    void onStop(@Observes ShutdownEvent stop) {
        loop.stop();
    }

    /** A loop's edge: what was taken and not answered is due again when its lease is over. */
    private Duration tick() throws InterruptedException {
        try {
            int asked = step();
            return asked == 0 ? TICK : pause(asked);
        } catch (DatabaseAwayException away) {
            LOG.warnf("asking for prices waits: %s", away.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("asking for prices failed and is tried again", failure);
        }
        return TROUBLE;
    }

    /** This worker's part of the rate. */
    private Duration pause(int asked) {
        return Duration.ofMillis(1_000L * asked * heartbeat.living() / config.perSecond());
    }

    /** Asks what is due. Returns how many questions that were. */
    public int step() throws InterruptedException {
        List<Due> due = store.take(Math.min(MOST_AT_ONCE, config.perSecond()), LEASE);
        List<Thread> asking = due.stream()
                .map(one -> Thread.ofVirtual().name("quote").start(() -> ask(one)))
                .toList();
        for (Thread thread : asking) {
            thread.join();
        }
        return due.size();
    }

    /** A thread's edge. */
    private void ask(Due due) {
        try {
            switch (media.prepare(due.model(), due.input())) {
                case PreparedInput.Ready ready -> settle(due, provider.price(due.model(), ready.input()));
                case PreparedInput.NotYet notYet -> store.postponed(due, notYet.reason(), notYet.again());
                case PreparedInput.Impossible impossible ->
                    store.refused(due, impossible.error().message());
            }
        } catch (IOException trouble) {
            again(due, trouble);
        } catch (DatabaseAwayException away) {
            LOG.warnf("%s is asked again later: %s", due, away.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "%s cannot be asked", due);
        }
    }

    private void settle(Due due, PriceAnswer answer) {
        switch (answer) {
            case PriceAnswer.Told told -> store.answered(due, told.price());
            case PriceAnswer.Refused refused -> store.refused(due, refused.reason());
        }
    }

    private void again(Due due, IOException trouble) {
        String reason = "the provider could not be asked: " + trouble.getMessage();
        LOG.debugf("%s, try %d: %s", due, due.tries(), reason);
        try {
            if (due.tries() >= MOST_TRIES) {
                store.refused(due, reason);
            } else {
                store.postponed(due, reason, FIRST_AGAIN.multipliedBy(1L << (due.tries() - 1)));
            }
        } catch (DatabaseAwayException away) {
            LOG.warnf("%s is asked again later: %s", due, away.getMessage());
        }
    }
}
