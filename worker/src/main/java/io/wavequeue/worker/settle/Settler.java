package io.wavequeue.worker.settle;

import io.quarkus.runtime.StartupEvent;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.GroupCommit;
import io.wavequeue.store.JobTransitions;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.worker.run.Sleeper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;
import org.jboss.logging.MDC;

/**
 * Writes transitions, all that are waiting in one statement.
 *
 * <p>While the database is away the batch is tried again until it is written. A commit whose reply was lost is settled by
 * reading the rows back.
 */
@ApplicationScoped
public class Settler {
    private static final Logger LOG = Logger.getLogger(Settler.class);
    private static final int MOST_AT_ONCE = 500;
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final Writing.Rows rows;
    private final SettleMetrics metrics;
    private final Sleeper sleeper;
    private final GroupCommit<Transition, Boolean> writes = new GroupCommit<>(MOST_AT_ONCE, this::apply);

    /** They wait for whoever is looking at their jobs, such as an operation that is being made: what runs must not wait for them. */
    private final GroupCommit<Transition, Boolean> doubts = new GroupCommit<>(MOST_AT_ONCE, this::apply);

    Settler(JobTransitions transitions, SettleMetrics metrics, Sleeper sleeper) {
        this.rows = new Writing.Rows() {
            @Override
            public Set<UUID> apply(List<Transition> changes) {
                Set<UUID> applied = transitions.apply(changes);
                KillPoint.reach("record.committed");
                return applied;
            }

            @Override
            public Set<UUID> readBack(List<Transition> changes) {
                return transitions.readBack(changes);
            }
        };
        this.metrics = metrics;
        this.sleeper = sleeper;
    }

    void onStart(@Observes StartupEvent start) {
        writes.start("settle");
        doubts.start("settle-doubts");
    }

    /**
     * Writes the transition, however long the database is away.
     *
     * @return false when the job is somebody else's by now: drop it
     * @throws IllegalStateException when the row refuses the change
     */
    public boolean settle(Transition transition) throws InterruptedException {
        try {
            boolean applied = (transition.isOfADoubt() ? doubts : writes).write(transition);
            log(transition, applied);
            metrics.count(transition.next().status(), applied);
            return applied;
        } catch (IllegalStateException unwritable) {
            LOG.errorf(unwritable, "job %s: its change of state cannot be written", transition.jobId());
            throw unwritable;
        }
    }

    private List<Boolean> apply(List<Transition> batch) throws InterruptedException {
        Writing writing = new Writing(batch);
        while (true) {
            try {
                Set<UUID> applied = writing.write(rows);
                return batch.stream()
                        .map(transition -> applied.contains(transition.jobId()))
                        .toList();
            } catch (DatabaseAwayException away) {
                LOG.warnf("%d changes wait: %s", batch.size(), away.getMessage());
                sleeper.sleep(AGAIN);
            }
        }
    }

    private static void log(Transition transition, boolean applied) {
        JobStatus next = transition.next().status();
        MDC.put("job", transition.jobId().toString());
        if (!applied) {
            LOG.warnf("was taken over before it could become %s; dropped here", next.code());
        } else if (next == JobStatus.UNCERTAIN) {
            LOG.warnf(
                    "%s -> uncertain; it is not submitted again before its outcome is known",
                    transition.expected().code());
        } else {
            LOG.logf(
                    next == JobStatus.RUNNING ? Level.DEBUG : Level.INFO,
                    "%s -> %s",
                    transition.expected().code(),
                    next.code());
        }
        MDC.remove("job");
    }
}
