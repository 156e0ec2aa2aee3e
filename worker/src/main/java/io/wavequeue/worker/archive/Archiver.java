package io.wavequeue.worker.archive;

import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Signal;
import io.wavequeue.storage.StorageException;
import io.wavequeue.store.ArchiveStore;
import io.wavequeue.store.ArchiveStore.ArchivedFile;
import io.wavequeue.store.ArchiveStore.DueOutput;
import io.wavequeue.store.ArchiveStore.Filed;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.GroupCommit;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.worker.run.Heartbeat;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Takes due outputs, as many as there are free downloads, and writes down what became of them. */
@ApplicationScoped
public class Archiver {
    private static final Logger LOG = Logger.getLogger(Archiver.class);
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
    private static final int MOST_DOUBLINGS = 12;
    private static final int MOST_AT_ONCE = 200;
    private static final Duration GATHER = Duration.ofMillis(20);

    private final ArchiveStore store;
    private final OutputFiles files;
    private final Duration lease;
    private final Semaphore free;
    private final int worthAsking;
    private final boolean enabled;
    private final boolean toBeChecked;
    private final UUID worker;
    private final OutputMetrics metrics;
    private final GroupCommit<Filed, Boolean> writes = new GroupCommit<>(MOST_AT_ONCE, this::write);
    private final Signal signal = new Signal();
    private volatile boolean stopping;

    Archiver(
            ArchiveStore store,
            OutputFiles files,
            OutputMetrics metrics,
            Heartbeat heartbeat,
            WorkerConfig config,
            ArchiveConfig archive,
            OutputConfig outputs) {
        this.store = store;
        this.files = files;
        this.lease = config.transferTimeout().plus(Duration.ofMinutes(1));
        this.free = new Semaphore(config.downloads());
        this.worthAsking = Math.max(1, config.downloads() / 2);
        this.enabled = archive.enabled();
        this.toBeChecked = outputs.check() || outputs.sidecars();
        this.worker = heartbeat.workerId();
        this.metrics = metrics;
    }

    /** An output has just become due. */
    public void wake() {
        signal.wake();
    }

    boolean isEnabled() {
        return enabled;
    }

    /** Whether most places for downloads are taken. */
    boolean isCrowded() {
        return free.availablePermits() < worthAsking;
    }

    /** Takes nothing more; what is under way is repeated by somebody else if it does not end. */
    public void stop() {
        stopping = true;
        signal.wake();
    }

    void onStart(@Observes StartupEvent start) {
        if (enabled) {
            writes.start("archived");
            Thread.ofVirtual().name("archive").start(this::run);
        }
    }

    private List<Boolean> write(List<Filed> files) {
        store.archived(files, toBeChecked);
        return Collections.nCopies(files.size(), true);
    }

    private void run() {
        try {
            while (!stopping) {
                if (step(freePlaces()) == 0) {
                    signal.await(IDLE);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes all places that are free, once it is worth asking for what is due. */
    private int freePlaces() throws InterruptedException {
        free.acquire();
        int places = 1 + free.drainPermits();
        long end = System.nanoTime() + GATHER.toNanos();
        while (places < worthAsking && free.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            places++;
        }
        return places;
    }

    /** Starts as many of the downloads that are due; a loop's edge. Returns how many. */
    private int step(int places) {
        int used = 0;
        try {
            List<DueOutput> due = store.take(worker, places, lease);
            for (DueOutput output : due) {
                used++;
                Thread.ofVirtual().name("download").start(() -> archive(output));
            }
        } catch (DatabaseAwayException away) {
            LOG.warnf("archiving waits: %s", away.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("archiving failed and is tried again", failure);
        } finally {
            free.release(places - used);
        }
        return used;
    }

    private void archive(DueOutput output) {
        try {
            KillPoint.reach("archive.before");
            ArchivedFile file = fetch(output);
            KillPoint.reach("archive.fetched");
            writes.write(new Filed(output, file));
            KillPoint.reach("archive.after");
            LOG.debugf("archived %s", file.file());
        } catch (StorageException ours) {
            postpone(output, String.valueOf(ours.getMessage()), false);
        } catch (IOException failure) {
            postpone(output, String.valueOf(failure.getMessage()), true);
        } catch (DatabaseAwayException away) {
            LOG.warnf("an archived file is not written down yet and is fetched again: %s", away.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "%s cannot be archived", output);
            postpone(output, failure.getClass().getSimpleName(), false);
        }
    }

    /** The place is free for the next while this one's row is written. */
    private ArchivedFile fetch(DueOutput output) throws IOException, InterruptedException {
        try {
            return files.fetch(output);
        } finally {
            free.release();
            signal.wake();
        }
    }

    /** @param mayBeLost whether it is the link that failed */
    private void postpone(DueOutput output, String reason, boolean mayBeLost) {
        Duration wait = Duration.ofSeconds(1L << Math.min(output.tries() - 1, MOST_DOUBLINGS));
        Duration again = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        try {
            if (store.failed(output, reason, again, mayBeLost)) {
                metrics.lost();
                LOG.errorf(
                        "%s is lost: the provider has kept it for its 7 days, and its link fails (%s). It was paid, and is not"
                                + " tried again; whoever needs it has it made anew",
                        output, reason);
            } else {
                LOG.warnf("%s could not be fetched (%s); again in %d s", output, reason, again.toSeconds());
            }
        } catch (DatabaseAwayException away) {
            LOG.warnf("the lease of that output decides when it is fetched again: %s", away.getMessage());
        }
    }
}
