package io.wavequeue.worker.flow;

import io.wavequeue.store.Fences;
import io.wavequeue.store.WorkerStore;
import io.wavequeue.store.WorkerStore.HeldRow;
import io.wavequeue.worker.run.Heartbeat;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Compares the rows that name this worker with the jobs that it holds.
 *
 * <p>A row that it does not hold (a thread died, a change could not be written) is handed to nobody and so treated like a
 * dead worker's. A job whose row is no longer its own is dropped. Neither is done at first sight, since claims and
 * endings are on their way between the two at any moment.
 */
@ApplicationScoped
public class Audit {
    private static final Logger LOG = Logger.getLogger(Audit.class);

    /** Longer than any claim's answer is waited for and than the submit window: what was claimed then is launched or lost. */
    private static final Duration QUIET = Duration.ofSeconds(30);

    private final WorkerStore workers;
    private final Fences fences;
    private final Heartbeat heartbeat;
    private final Flights flights;
    private Map<UUID, Long> rowless = Map.of();

    Audit(WorkerStore workers, Fences fences, Heartbeat heartbeat, Flights flights) {
        this.workers = workers;
        this.fences = fences;
        this.heartbeat = heartbeat;
        this.flights = flights;
    }

    /** Compares once. */
    public synchronized void step() {
        Map<UUID, Long> before = flights.holding();
        List<HeldRow> rows = workers.rows(heartbeat.workerId());
        Map<UUID, Long> after = flights.holding();
        letGo(rows.stream()
                .filter(row -> row.quiet().compareTo(QUIET) > 0)
                .filter(row -> !holds(before, row) && !holds(after, row))
                .toList());
        drop(rows, before, after);
    }

    private static boolean holds(Map<UUID, Long> held, HeldRow row) {
        Long fence = held.get(row.jobId());
        return fence != null && fence == row.fence();
    }

    private void letGo(List<HeldRow> lost) {
        if (!lost.isEmpty()) {
            int count = workers.letGo(heartbeat.workerId(), fences.next(), lost);
            LOG.warnf("%d jobs named this worker, which does not hold them; whoever has room takes them over", count);
        }
    }

    private void drop(List<HeldRow> rows, Map<UUID, Long> before, Map<UUID, Long> after) {
        Set<UUID> named = new HashSet<>();
        rows.stream().filter(row -> holds(before, row)).forEach(row -> named.add(row.jobId()));
        Map<UUID, Long> now = new HashMap<>();
        before.forEach((job, fence) -> {
            if (!named.contains(job) && fence.equals(after.get(job))) {
                now.put(job, fence);
            }
        });
        now.forEach((job, fence) -> {
            if (fence.equals(rowless.get(job))) {
                LOG.warnf("job %s is somebody else's by now; it is dropped here", job);
                flights.drop(job, fence);
            }
        });
        rowless = now;
    }
}
