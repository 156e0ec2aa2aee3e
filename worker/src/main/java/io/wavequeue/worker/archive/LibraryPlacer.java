package io.wavequeue.worker.archive;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.storage.Content;
import io.wavequeue.storage.LibraryFolder;
import io.wavequeue.storage.OutputStorage;
import io.wavequeue.storage.StorageException;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.PlaceStore;
import io.wavequeue.store.PlaceStore.Archived;
import io.wavequeue.store.PlaceStore.Cues;
import io.wavequeue.worker.run.Heartbeat;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jboss.logging.Logger;

/**
 * Gives the files of libraries their names: copies what is archived to where the cue's names say, and removes what nobody names
 * any more.
 *
 * <p>New files are made before old ones are removed, and all are made of archived ones, so takes may swap their names. Every step
 * may be repeated; what a worker leaves when it dies is in the takes' rows, which stay due until all is done.
 */
@ApplicationScoped
public class LibraryPlacer {
    private static final Logger LOG = Logger.getLogger(LibraryPlacer.class);
    private static final Duration IDLE = Duration.ofSeconds(2);

    /** Longer than a call of the storage may take. */
    private static final Duration LEASE = Duration.ofSeconds(30);

    private static final Duration AGAIN = Duration.ofSeconds(10);
    private static final int MOST_CUES = 100;
    private static final int AT_ONCE = 16;

    private final PlaceStore store;
    private final OutputStorage storage;
    private final UUID worker;
    private final boolean enabled;
    private final Loop loop = new Loop("placer", this::tick);

    LibraryPlacer(
            PlaceStore store, OutputStorage storage, Heartbeat heartbeat, ArchiveConfig archive, OutputConfig outputs) {
        this.store = store;
        this.storage = storage;
        this.worker = heartbeat.workerId();
        this.enabled = archive.enabled() && outputs.names();
    }

    void onStart(@Observes StartupEvent start) {
        if (enabled) {
            loop.start();
        }
    }

    /** What is under way is repeated by somebody else. */
    void onStop(@Observes ShutdownEvent stop) {
        loop.stop();
    }

    /** A loop's edge. */
    private Duration tick() throws InterruptedException {
        try {
            return step() ? Duration.ZERO : IDLE;
        } catch (DatabaseAwayException away) {
            LOG.warnf("naming files waits: %s", away.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("naming files failed and is tried again", failure);
        }
        return IDLE;
    }

    /** Sees to cues of one library that are due. False when there were none. */
    boolean step() throws InterruptedException {
        Optional<Cues> due = store.take(worker, LEASE, MOST_CUES);
        if (due.isEmpty()) {
            return false;
        }
        Cues cues = due.get();
        try {
            place(cues, Placement.of(cues));
        } catch (StorageException away) {
            LOG.warnf(
                    "files of %d cues of library %s cannot be named (%s); again in %s",
                    cues.references().size(), cues.library(), away.getMessage(), AGAIN);
            store.later(cues, AGAIN);
        }
        return true;
    }

    private void place(Cues cues, Placement placement) throws StorageException, InterruptedException {
        placement
                .refused()
                .forEach(refused -> LOG.errorf("library %s, %s: the take gets no such file", cues.library(), refused));
        if (placement.isNew()) {
            store.announce(cues, placement.announced());
        }
        Set<String> missing = new HashSet<>();
        List<Map.Entry<String, Archived>> files = List.copyOf(placement.files().entrySet());
        for (int i = 0; i < files.size(); i += AT_ONCE) {
            if (i > 0 && !isStillOurs(cues)) {
                return;
            }
            missing.addAll(copy(files.subList(i, Math.min(i + AT_ONCE, files.size()))));
        }
        missing.forEach(file -> LOG.errorf(
                "%s cannot be made: the archived file is not there as it was archived. It is not tried again by itself",
                file));
        if (isStillOurs(cues)) {
            remove(cues, placement.left());
            store.placed(cues, placement.without(missing));
        }
    }

    /** A worker that was held up must remove nothing: somebody else may have named it by now. */
    private boolean isStillOurs(Cues cues) {
        boolean ours = store.renew(cues.library(), worker, LEASE);
        if (!ours) {
            LOG.warnf("another worker has taken library %s over", cues.library());
        }
        return ours;
    }

    /** Returns those that could not be made. */
    private List<String> copy(List<Map.Entry<String, Archived>> files) throws StorageException, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> copies = files.stream()
                    .<Callable<Boolean>>map(file -> () -> isCopied(file))
                    .toList();
            List<Future<Boolean>> copied = threads.invokeAll(copies);
            List<String> missing = new ArrayList<>();
            for (int i = 0; i < files.size(); i++) {
                if (!outcome(copied.get(i))) {
                    missing.add(files.get(i).getKey());
                }
            }
            return missing;
        }
    }

    private boolean isCopied(Map.Entry<String, Archived> file) throws StorageException {
        Archived archived = file.getValue();
        return storage.copy(
                archived.file(),
                file.getKey(),
                new Content(archived.bytes(), archived.sha256(), archived.contentType()));
    }

    private static boolean outcome(Future<Boolean> copied) throws StorageException, InterruptedException {
        try {
            return copied.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof StorageException ours) {
                throw ours;
            }
            throw new IllegalStateException(failure.getCause());
        }
    }

    private void remove(Cues cues, Set<String> left) throws StorageException {
        if (left.isEmpty()) {
            return;
        }
        Set<String> named = store.namedByOthers(cues, left);
        for (String file : left) {
            if (file.startsWith(LibraryFolder.LIBRARIES) && !named.contains(file)) {
                storage.delete(file);
            }
        }
    }
}
