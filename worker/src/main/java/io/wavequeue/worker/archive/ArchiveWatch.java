package io.wavequeue.worker.archive;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.store.ArchiveStore;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.LeaseStore;
import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Makes due what ended workers were fetching or looking at, counts what waits, and warns while there is time. */
@ApplicationScoped
class ArchiveWatch {
    private static final Logger LOG = Logger.getLogger(ArchiveWatch.class);
    private static final Duration TICK = Duration.ofSeconds(2);
    private static final Duration COUNT_EVERY = Duration.ofMinutes(1);

    /** Who has the lease has warned; over all workers, it is one in an hour. */
    private static final String WARNED = "outputs at risk";

    private static final Duration WARN_EVERY = Duration.ofHours(1);
    private static final int DAYS_AT_RISK = 2;

    private final ArchiveStore store;
    private final LeaseStore leases;
    private final OutputMetrics metrics;
    private final Archiver archiver;
    private final Stopwatch stopwatch;
    private final boolean enabled;
    private final Loop loop = new Loop("archive-watch", this::tick);
    private @Nullable Stamp counted;

    ArchiveWatch(
            ArchiveStore store,
            LeaseStore leases,
            OutputMetrics metrics,
            Archiver archiver,
            Stopwatch stopwatch,
            ArchiveConfig config) {
        this.store = store;
        this.leases = leases;
        this.metrics = metrics;
        this.archiver = archiver;
        this.stopwatch = stopwatch;
        this.enabled = config.enabled();
    }

    void onStart(@Observes StartupEvent start) {
        if (enabled) {
            loop.start();
        }
    }

    void onStop(@Observes ShutdownEvent stop) {
        loop.stop();
    }

    /** A loop's edge. */
    private Duration tick() {
        try {
            takeOver();
            Stamp last = counted;
            if (last == null || stopwatch.since(last).compareTo(COUNT_EVERY) >= 0) {
                counted = stopwatch.stamp();
                count();
            }
        } catch (DatabaseAwayException away) {
            LOG.warnf("watching the outputs waits: %s", away.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("watching the outputs failed and is tried again", failure);
        }
        return TICK;
    }

    /** Returns how many it were. */
    int takeOver() {
        int due = store.letGo();
        if (due > 0) {
            LOG.infof("%d outputs that ended workers were busy with are due again", due);
            archiver.wake();
        }
        return due;
    }

    /** Returns how many are at risk. */
    int count() {
        Map<Integer, Integer> waiting = store.waiting();
        metrics.show(waiting);
        int atRisk = waiting.entrySet().stream()
                .filter(days -> days.getKey() <= DAYS_AT_RISK)
                .mapToInt(Map.Entry::getValue)
                .sum();
        if (atRisk > 0 && leases.take(WARNED, UUID.randomUUID(), WARN_EVERY)) {
            LOG.errorf(
                    "%d outputs are not archived, and the provider deletes them in less than two days: then they are lost,"
                            + " though they are paid. See the runbook, \"An output is not there\"",
                    atRisk);
        }
        return atRisk;
    }
}
