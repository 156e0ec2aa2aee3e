package io.wavequeue.worker.history;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.admission.InputKeys;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.letters.HistoryConfig;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.HistoryStore;
import io.wavequeue.store.HistoryStore.Due;
import io.wavequeue.store.HistoryStore.Item;
import io.wavequeue.store.ReconcileStore;
import io.wavequeue.worker.provider.HistoryItem;
import io.wavequeue.worker.provider.WaveSpeed;
import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Takes a reading that is wanted and goes through the provider's history, page by page. Every worker does; a reading is one
 * worker's at a time.
 */
@ApplicationScoped
public class HistoryReader {
    private static final Logger LOG = Logger.getLogger(HistoryReader.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration TROUBLE = Duration.ofSeconds(5);
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration AGAIN = Duration.ofSeconds(2);

    /** How far times of the history may be off. */
    private static final Duration CLOCKS = Duration.ofSeconds(10);

    /** The provider tells its time in whole seconds, the present one begun. */
    private static final Duration TOLD_TO = Duration.ofSeconds(1);

    private static final int MOST_PAGES = 10_000;

    /** Predictions that are asked one by one for their inputs, in a reading; what is told is kept for the next one. */
    private static final int MOST_LOOKS = 2_000;

    private final HistoryStore store;
    private final ReconcileStore clips;
    private final WaveSpeed provider;
    private final Catalogue catalogue;
    private final HistoryConfig config;
    private final Stopwatch stopwatch;
    private final Loop loop = new Loop("history", this::tick);

    HistoryReader(
            HistoryStore store,
            ReconcileStore clips,
            WaveSpeed provider,
            Catalogue catalogue,
            HistoryConfig config,
            Stopwatch stopwatch) {
        this.store = store;
        this.clips = clips;
        this.provider = provider;
        this.catalogue = catalogue;
        this.config = config;
        this.stopwatch = stopwatch;
    }

    void onStart(@Observes StartupEvent start) {
        if (config.enabled()) {
            loop.start();
        }
    }

    void onStop(@Observes ShutdownEvent stop) {
        loop.stop();
    }

    /** A loop's edge: a reading that was taken and not ended is begun anew when its lease is over. */
    private Duration tick() throws InterruptedException {
        try {
            return step() ? Duration.ZERO : TICK;
        } catch (DatabaseAwayException away) {
            LOG.warnf("reading the provider's history waits: %s", away.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("reading the provider's history failed and is tried again", failure);
        }
        return TROUBLE;
    }

    /** One reading. False when none is wanted. */
    public boolean step() throws InterruptedException {
        Stamp asked = stopwatch.stamp();
        Optional<Due> due = store.take(LEASE);
        if (due.isEmpty()) {
            return false;
        }
        try {
            if (read(due.get(), ahead(due.get(), asked))) {
                LOG.infof(
                        "the provider's history of %s is read from %s on",
                        due.get().model(), due.get().since());
            }
        } catch (IOException trouble) {
            LOG.warnf(
                    "the provider's history of %s is read later: %s", due.get().model(), trouble.getMessage());
            store.postponed(due.get(), "the provider could not be asked: " + trouble.getMessage(), AGAIN);
        }
        return true;
    }

    /** How far the provider's clock is before the database's; one that never tells its time is taken to have ours. */
    private Duration ahead(Due due, Stamp asked) throws InterruptedException {
        try {
            provider.balance();
        } catch (IOException trouble) {
            LOG.debugf("of this answer only the date counts: %s", trouble.getMessage());
        }
        return provider.timeToldSince(asked)
                .map(theirs -> Duration.between(due.begunAt().plus(stopwatch.since(asked)), theirs))
                .orElse(Duration.ZERO);
    }

    /**
     * To the first page that shows nothing new, since nobody promises a page's length. The window ends where the reading
     * began, so that nothing that is made meanwhile moves the pages. False when somebody else reads by now.
     */
    private boolean read(Due due, Duration ahead) throws IOException, InterruptedException {
        InputKeys keys = new InputKeys(catalogue, due.model());
        Instant from = due.since().plus(ahead).minus(CLOCKS);
        Instant until = due.begunAt().plus(ahead).plus(TOLD_TO);
        Looks looks = new Looks(provider, MOST_LOOKS);
        Set<String> before = Set.of();
        for (int page = 1; page <= MOST_PAGES; page++) {
            List<HistoryItem> items = provider.history(due.model(), from, until, page);
            Set<String> ids = items.stream().map(HistoryItem::id).collect(Collectors.toSet());
            if (before.containsAll(ids)) {
                return store.done(due);
            }
            List<HistoryItem> ofModel = items.stream()
                    .filter(item -> item.model() == null || item.model().equals(due.model()))
                    .toList();
            if (!store.page(due, ofModel.size(), unknown(due, ofModel, looks, keys, ahead), LEASE)) {
                return false;
            }
            before = ids;
        }
        throw new IOException("its history has more than %,d pages".formatted(MOST_PAGES));
    }

    private List<Item> unknown(Due due, List<HistoryItem> items, Looks looks, InputKeys keys, Duration ahead)
            throws IOException, InterruptedException {
        Set<String> known =
                store.known(due.model(), items.stream().map(HistoryItem::id).toList());
        List<HistoryItem> told = looks.told(
                items.stream().filter(item -> !known.contains(item.id())).toList());
        Map<String, String> clipsByUrl = clips.clips(told.stream()
                .map(HistoryItem::input)
                .filter(Objects::nonNull)
                .flatMap(input -> keys.addresses(input).stream())
                .toList());
        List<Item> unknown = new ArrayList<>();
        for (HistoryItem item : told) {
            unknown.add(new Item(
                    item.id(),
                    item.createdAt() == null ? null : item.createdAt().minus(ahead),
                    item.input() == null ? null : keys.ofTheirs(item.input(), clipsByUrl),
                    item.input() == null ? null : keys.withoutClips(item.input(), clipsByUrl)));
        }
        return unknown;
    }
}
