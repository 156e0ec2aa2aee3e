package io.wavequeue.worker.run;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.HeartbeatStore;
import io.wavequeue.wiring.Machines;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * This worker's row: registered at the start, beaten every second by a thread and over a connection of its own.
 *
 * <p>It also watches the others. Age alone proves nothing, since nobody can beat while the database is away: a worker is
 * declared dead when the same beat was read, successfully each time, over the whole dead time.
 */
@ApplicationScoped
public class Heartbeat {
    /** After the account is seeded, before anything is consumed. */
    static final int EARLY = 200;

    private static final Logger LOG = Logger.getLogger(Heartbeat.class);

    private final HeartbeatStore workers;
    private final WorkerConfig config;
    private final Stopwatch stopwatch;
    private final Sleeper sleeper;
    private final String version;
    private final Machines machines;
    private final UUID id = UUID.randomUUID();
    private final SubmitWindow window;
    private final Silence silence;
    private volatile @Nullable Stamp confirmed;
    private volatile int living = 1;
    private volatile boolean stopping;

    Heartbeat(
            HeartbeatStore workers,
            WorkerConfig config,
            Stopwatch stopwatch,
            Sleeper sleeper,
            Machines machines,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.workers = workers;
        this.config = config;
        this.stopwatch = stopwatch;
        this.sleeper = sleeper;
        this.version = version;
        this.machines = machines;
        this.window = new SubmitWindow(stopwatch, config.submitWindow());
        this.silence = new Silence(stopwatch, config.beatEvery(), config.deadAfter());
    }

    /** The identity that every claim of this worker writes. */
    public UUID workerId() {
        return id;
    }

    /** True while the last confirmed beat is young enough for a POST to start. */
    public boolean isFresh() {
        return window.isFresh(confirmed);
    }

    /** True while a POST may start for a claim that was asked for then. */
    public boolean maySubmit(Stamp claimAsked) {
        return window.isOpen(claimAsked, confirmed);
    }

    /** Workers that were thought to be alive a second ago, this one included. */
    public int living() {
        return living;
    }

    void onStart(@Observes @Priority(EARLY) StartupEvent start) {
        if (config.deadAfter().compareTo(config.submitWindow().multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "wavequeue.worker.dead-after (%s) must be at least twice submit-window (%s)"
                            .formatted(config.deadAfter(), config.submitWindow()));
        }
        workers.register(id, machines.own(), ProcessHandle.current().pid(), version);
        try {
            machines.check();
        } catch (IllegalStateException refused) {
            workers.stopped(id);
            throw refused;
        }
        Thread.ofPlatform().name("heartbeat").daemon().start(this::run);
    }

    /** From now on the others may take over what this worker holds. */
    public void end() {
        stopping = true;
        confirmed = null;
        workers.stopped(id);
    }

    private void run() {
        while (!stopping) {
            try {
                step();
            } catch (DatabaseAwayException away) {
                silence.forget();
            } catch (RuntimeException failure) {
                silence.forget();
                LOG.error("the heartbeat failed; it is tried again", failure);
            }
            try {
                sleeper.sleep(config.beatEvery());
            } catch (InterruptedException interrupted) {
                return;
            }
        }
    }

    /** Beats once, then looks at the others. */
    void step() {
        Stamp before = stopwatch.stamp();
        if (!workers.beat(id)) {
            if (!stopping) {
                LOG.errorf("worker %s was declared dead while it was silent: its jobs are others' now, it ends", id);
                confirmed = null;
                stopping = true;
                Quarkus.asyncExit(3);
            }
            return;
        }
        if (!stopping) {
            confirmed = before;
        }
        Map<UUID, Long> beats = workers.beats();
        living = Math.max(1, beats.size());
        silence.read(id, beats).forEach((worker, beat) -> {
            if (workers.declareSilent(worker, beat)) {
                LOG.warnf(
                        "worker %s is silent: its running predictions are adopted, its submits are uncertain", worker);
            }
        });
    }
}
