package io.wavequeue.bulk;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Dispatcher;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.store.BulkSteps;
import io.wavequeue.store.BulkSteps.Step;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** The loop that carries out bulk operations, a chunk a step, in every process. */
@ApplicationScoped
public class BulkRunner {
    private static final Logger LOG = Logger.getLogger(BulkRunner.class);
    private static final int CHUNK = 1_000;
    private static final Duration IDLE = Duration.ofMillis(250);
    private static final Duration TROUBLE = Duration.ofSeconds(2);

    private final BulkSteps steps;
    private final Dispatcher dispatcher;
    private final WavequeueConfig.Resolutions settings;
    private final Loop loop = new Loop("bulk", this::stepSafely);

    BulkRunner(BulkSteps steps, Dispatcher dispatcher, WavequeueConfig config) {
        this.steps = steps;
        this.dispatcher = dispatcher;
        this.settings = config.resolutions();
    }

    /** There is something to carry out now. */
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

    /** A loop's edge: a chunk is done wholly or not at all, and the next step tries again. */
    private Duration stepSafely() {
        try {
            return step() ? Duration.ZERO : IDLE;
        } catch (DatabaseAwayException away) {
            LOG.warnf("carrying out bulk operations waits: %s", away.getMessage());
            return TROUBLE;
        } catch (RuntimeException failure) {
            LOG.error("carrying out a bulk operation failed and is tried again", failure);
            return TROUBLE;
        }
    }

    /** One chunk. False when there is nothing to do. */
    public boolean step() {
        Optional<Step> step = steps.next(CHUNK);
        step.ifPresent(this::tell);
        return step.isPresent();
    }

    private void tell(Step step) {
        KillPoint.reach("resolution.chunk");
        for (UUID job : step.changed()) {
            MDC.put("job", job);
            LOG.infof("%s by a person (%s %s)", step.kind().done(), step.kind().code(), step.operation());
        }
        MDC.remove("job");
        if (step.done()) {
            LOG.infof("%s %s is done", step.kind().code(), step.operation());
        }
        if (step.skipped() > 0) {
            LOG.infof(
                    "%s %s left %d jobs as they are: GET /v1/%s/%s/jobs tells why",
                    step.kind().code(),
                    step.operation(),
                    step.skipped(),
                    step.kind().path(),
                    step.operation());
        }
        dispatcher.wake();
    }
}
