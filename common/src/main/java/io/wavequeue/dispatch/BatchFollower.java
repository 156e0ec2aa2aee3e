package io.wavequeue.dispatch;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.store.BatchFollowStore;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * The loop that lets jobs' rows follow their batches' rows, a chunk of each batch a step, in every process. Nothing waits for it:
 * dispatch and claims read the batches' rows themselves.
 */
@ApplicationScoped
public class BatchFollower {
    private static final Logger LOG = Logger.getLogger(BatchFollower.class);
    private static final int CHUNK = 2_000;
    private static final Duration IDLE = Duration.ofMillis(250);
    private static final Duration TROUBLE = Duration.ofSeconds(1);

    private final BatchFollowStore store;
    private final Dispatcher dispatcher;
    private final WavequeueConfig.Dispatch settings;
    private final Loop loop = new Loop("batches", this::stepSafely);

    BatchFollower(BatchFollowStore store, Dispatcher dispatcher, WavequeueConfig config) {
        this.store = store;
        this.dispatcher = dispatcher;
        this.settings = config.dispatch();
    }

    /** A batch was stopped, resumed, or has another budget. */
    public void wake() {
        loop.wake();
    }

    void onStart(@Observes StartupEvent start) {
        if (settings.enabled()) {
            loop.start();
        }
    }

    void onStop(@Observes ShutdownEvent stop) throws InterruptedException {
        loop.stopAndWait();
    }

    /** A loop's edge: a chunk is moved wholly or not at all, and the next step tries again. */
    private Duration stepSafely() {
        try {
            return step() > 0 ? Duration.ZERO : IDLE;
        } catch (DatabaseAwayException away) {
            LOG.warnf("jobs that are to follow their batch wait: %s", away.getMessage());
            return TROUBLE;
        } catch (RuntimeException failure) {
            LOG.error("jobs did not follow their batch; it is tried again in a second", failure);
            return TROUBLE;
        }
    }

    /**
     * One step.
     *
     * @return how many rows it moved; 0 = nothing to do
     */
    public int step() {
        int moved = 0;
        for (UUID batch : store.due()) {
            moved += store.follow(batch, CHUNK);
        }
        if (moved > 0) {
            dispatcher.wake();
        }
        return moved;
    }
}
