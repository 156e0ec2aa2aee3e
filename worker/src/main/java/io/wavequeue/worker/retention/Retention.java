package io.wavequeue.worker.retention;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.storage.OutputStorage;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.RetentionRule;
import io.wavequeue.store.RetentionStore;
import io.wavequeue.store.RetentionStore.Chunk;
import io.wavequeue.store.RetentionStore.Keeping;
import io.wavequeue.store.RetentionStore.OldFile;
import io.wavequeue.store.RetentionStore.Place;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The loop that removes what is old: once an hour a pass through all rules, a chunk a step, then the files. Every worker does;
 * one at a time removes rows.
 */
@ApplicationScoped
public class Retention {
    static final String REMOVED = "wavequeue.retention.removed";

    private static final Logger LOG = Logger.getLogger(Retention.class);
    private static final int CHUNK = 500;
    private static final int FILES_AT_ONCE = 100;

    /** Between two chunks: claims and settlements have the tables for themselves for most of the time. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Duration TROUBLE = Duration.ofMinutes(1);

    /** Removing a hundred files takes much less; a worker that dies meanwhile has them removed by the next one. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private static final Duration FILE_AGAIN = Duration.ofHours(2);
    private static final String FILES = "files";

    private final RetentionStore store;
    private final OldFiles files;
    private final Keeping keeping;
    private final RetentionConfig config;
    private final int chunk;
    private final Map<String, Counter> counters = new TreeMap<>();
    private final Map<String, Integer> ofThisPass = new TreeMap<>();
    private final Loop loop = new Loop("retention", this::tick);

    private int rule;
    private @Nullable Place place;

    @Inject
    Retention(
            RetentionStore store,
            KeepConfig keep,
            RetentionConfig config,
            OutputStorage outputs,
            WavequeueConfig wavequeue,
            InstantSource clock,
            MeterRegistry registry) {
        this(
                store,
                KeepRules.of(keep),
                new OldFiles(outputs, wavequeue.dataDir().resolve("media"), clock),
                config,
                registry,
                CHUNK);
    }

    /** @param chunk rows that a step looks at, at most */
    Retention(
            RetentionStore store,
            Keeping keeping,
            OldFiles files,
            RetentionConfig config,
            MeterRegistry registry,
            int chunk) {
        this.store = store;
        this.files = files;
        this.keeping = keeping;
        this.config = config;
        this.chunk = chunk;
        for (RetentionRule each : RetentionRule.values()) {
            counters.put(each.code(), counter(registry, each.code()));
        }
        counters.put(FILES, counter(registry, FILES));
    }

    private static Counter counter(MeterRegistry registry, String what) {
        return Counter.builder(REMOVED)
                .description("What was removed by rule, by this worker")
                .tag("what", what)
                .register(registry);
    }

    void onStart(@Observes StartupEvent start) {
        if (config.enabled()) {
            loop.start();
        }
    }

    void onStop(@Observes ShutdownEvent stop) {
        loop.stop();
    }

    /** A loop's edge: a chunk is removed wholly or not at all, and what is left has its turn in the next pass. */
    private Duration tick() {
        try {
            return step() ? PAUSE : config.every();
        } catch (DatabaseAwayException away) {
            LOG.warnf("removing what is old waits: %s", away.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("removing what is old failed and is tried again", failure);
        }
        return TROUBLE;
    }

    /** One chunk. False at the end of a pass. */
    boolean step() {
        RetentionRule[] rules = RetentionRule.values();
        if (rule < rules.length) {
            removeRows(rules[rule]);
            return true;
        }
        if (removeFiles()) {
            return true;
        }
        if (!ofThisPass.isEmpty()) {
            LOG.infof("removed what is old: %s", ofThisPass);
        }
        ofThisPass.clear();
        rule = 0;
        return false;
    }

    /** While another process is at it, or a library's batch is being made, the same chunk is asked for again. */
    private void removeRows(RetentionRule now) {
        Optional<Chunk> removed = store.remove(now, keeping, place, chunk);
        KillPoint.reach("retention.rows");
        if (removed.isPresent()) {
            count(now.code(), removed.get().removed());
            place = removed.get().next();
            if (place == null) {
                rule++;
            }
        }
    }

    /** What cannot be removed now is tried again later. False when there is no more. */
    private boolean removeFiles() {
        List<OldFile> old = store.takeFiles(FILES_AT_ONCE, LEASE);
        List<OldFile> gone = new ArrayList<>();
        for (OldFile file : old) {
            try {
                files.remove(file);
                gone.add(file);
            } catch (IOException failure) {
                LOG.warnf(
                        "the old file %s cannot be removed, and is tried again: %s", file.file(), failure.getMessage());
                store.failed(file, String.valueOf(failure.getMessage()), FILE_AGAIN);
            }
        }
        KillPoint.reach("retention.files");
        if (!gone.isEmpty()) {
            store.removed(gone);
            count(FILES, gone.size());
        }
        return !old.isEmpty();
    }

    private void count(String what, int removed) {
        if (removed > 0) {
            ofThisPass.merge(what, removed, Integer::sum);
            Counter counter = counters.get(what);
            if (counter != null) {
                counter.increment(removed);
            }
        }
    }
}
