package io.wavequeue.worker.flow;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Signal;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.worker.archive.Archiver;
import io.wavequeue.worker.claim.Claimer;
import io.wavequeue.worker.claim.RecordIntake;
import io.wavequeue.worker.reconcile.Takeover;
import io.wavequeue.worker.run.Heartbeat;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Begins and ends a worker's work.
 *
 * <p>The end: claim nothing more, wait for submits that are under way, let go of the predictions, and say so in the
 * worker's row, so that others adopt them at once. All of it while the database and the HTTP clients still are open.
 */
@ApplicationScoped
class Lifecycle {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);
    private static final Duration TAKEOVER_EVERY = Duration.ofSeconds(1);
    private static final int AUDIT_ROUNDS = 5;

    private final RecordIntake intake;
    private final Claimer claimer;
    private final Flights flights;
    private final Archiver archiver;
    private final Takeover takeover;
    private final Heartbeat heartbeat;
    private final WorkerConfig config;
    private final Audit audit;
    private final Damage damage;
    private final Signal signal = new Signal();
    private volatile boolean stopping;

    Lifecycle(
            RecordIntake intake,
            Claimer claimer,
            Flights flights,
            Archiver archiver,
            Takeover takeover,
            Heartbeat heartbeat,
            Audit audit,
            Damage damage,
            WorkerConfig config) {
        this.intake = intake;
        this.claimer = claimer;
        this.flights = flights;
        this.archiver = archiver;
        this.takeover = takeover;
        this.heartbeat = heartbeat;
        this.config = config;
        this.audit = audit;
        this.damage = damage;
    }

    void onStart(@Observes StartupEvent start) {
        Thread.ofVirtual().name("takeover").start(this::run);
    }

    /** Before the framework closes anything. */
    void onStop(@Observes @Priority(1) ShutdownEvent stop) throws InterruptedException {
        LOG.infof("stopping with %d jobs in hand", flights.held());
        stopping = true;
        intake.stop();
        claimer.stop();
        archiver.stop();
        if (!flights.drain(config.drain())) {
            LOG.warn("submits were still under way at the end; they become uncertain");
        }
        try {
            heartbeat.end();
        } catch (DatabaseAwayException away) {
            LOG.warnf("the others find out by this worker's silence: %s", away.getMessage());
        }
    }

    private void run() {
        try {
            for (int round = 0; !stopping; round++) {
                step(round % AUDIT_ROUNDS == 0);
                signal.await(TAKEOVER_EVERY);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A loop's edge: the rows stay where they are until a step succeeds. */
    private void step(boolean withAudit) throws InterruptedException {
        try {
            if (withAudit) {
                audit.step();
                damage.step();
            }
            takeover.doubt();
            takeover.adopt().forEach(flights::adopt);
        } catch (DatabaseAwayException away) {
            LOG.warnf("taking over waits: %s", away.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("taking over failed and is tried again", failure);
        }
    }
}
