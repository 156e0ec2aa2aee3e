package io.wavequeue.worker.flow;

import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.LeaseStore;
import io.wavequeue.store.WorkerStore;
import io.wavequeue.store.WorkerStore.DamagedRow;
import io.wavequeue.worker.run.Heartbeat;
import io.wavequeue.worker.settle.Settler;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jboss.logging.Logger;

/**
 * Ends jobs that no stage can carry on, because rows that belong to them are missing: after a repair by hand, or a
 * restore of some tables only. Without it they would wait for ever, unseen.
 */
@ApplicationScoped
public class Damage {
    private static final Logger LOG = Logger.getLogger(Damage.class);
    private static final String LEASE = "damage";
    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final int MOST_AT_ONCE = 100;

    private final WorkerStore workers;
    private final LeaseStore leases;
    private final Settler settler;
    private final Heartbeat heartbeat;
    private final InstantSource clock;
    private Instant next = Instant.EPOCH;

    Damage(WorkerStore workers, LeaseStore leases, Settler settler, Heartbeat heartbeat, InstantSource clock) {
        this.workers = workers;
        this.leases = leases;
        this.settler = settler;
        this.heartbeat = heartbeat;
        this.clock = clock;
    }

    /** Looks when it is time, in one of all workers. Used by one thread. */
    void step() throws InterruptedException {
        if (!clock.instant().isBefore(next)) {
            next = clock.instant().plus(EVERY);
            if (leases.take(LEASE, heartbeat.workerId(), EVERY)) {
                endDamaged();
            }
        }
    }

    /** Returns how many it ended. */
    public int endDamaged() throws InterruptedException {
        int ended = 0;
        for (DamagedRow row : workers.damaged(MOST_AT_ONCE)) {
            JobError error = new JobError(ErrorClass.INTERNAL, "it cannot be carried on: " + row.what(), false);
            LOG.errorf(
                    "job %s was %s, but %s; it fails", row.jobId(), row.status().code(), row.what());
            ended += settler.settle(new Transition(
                            row.jobId(),
                            row.fence(),
                            row.status(),
                            new Next.Failed(error),
                            row.doubtful() ? new AttemptChange.GivenUp(error) : new AttemptChange.None(),
                            clock.instant()))
                    ? 1
                    : 0;
        }
        return ended;
    }
}
