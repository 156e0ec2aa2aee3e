package io.wavequeue.worker.settle;

import io.quarkus.runtime.StartupEvent;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.JobTransitions;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.worker.run.Sleeper;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Writes transitions: whatever is waiting goes to the database in one statement, without a timer.
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
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();

    private record Waiting(Transition transition, CompletableFuture<Boolean> applied) {}

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
        Thread.ofVirtual().name("settle").start(this::run);
    }

    /**
     * Writes the transition, however long the database is away.
     *
     * @return false when the job is somebody else's by now: drop it
     */
    public boolean settle(Transition transition) throws InterruptedException {
        Waiting waiting = new Waiting(transition, new CompletableFuture<>());
        queue.add(waiting);
        try {
            boolean applied = waiting.applied().get();
            log(transition, applied);
            metrics.count(transition.next().status(), applied);
            return applied;
        } catch (ExecutionException failure) {
            throw new IllegalStateException("the change of job " + transition.jobId() + " cannot be written", failure);
        }
    }

    private void run() {
        List<Waiting> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(queue.take());
                queue.drainTo(batch, MOST_AT_ONCE - 1);
                write(batch);
                batch.clear();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<Waiting> batch) throws InterruptedException {
        try {
            Set<UUID> applied = apply(batch.stream().map(Waiting::transition).toList());
            batch.forEach(waiting -> waiting.applied()
                    .complete(applied.contains(waiting.transition().jobId())));
        } catch (RuntimeException poison) {
            contain(batch, poison);
        }
    }

    /** One row that cannot be written must not take the others with it. */
    private void contain(List<Waiting> batch, RuntimeException poison) throws InterruptedException {
        if (batch.size() == 1) {
            LOG.errorf(
                    poison,
                    "job %s: its change of state cannot be written",
                    batch.getFirst().transition().jobId());
            batch.getFirst().applied().completeExceptionally(poison);
            return;
        }
        for (Waiting waiting : batch) {
            write(List.of(waiting));
        }
    }

    private Set<UUID> apply(List<Transition> batch) throws InterruptedException {
        Writing writing = new Writing(batch);
        while (true) {
            try {
                return writing.write(rows);
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
            LOG.infof("%s -> %s", transition.expected().code(), next.code());
        }
        MDC.remove("job");
    }
}
