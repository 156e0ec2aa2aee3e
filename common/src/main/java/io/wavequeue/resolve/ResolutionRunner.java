package io.wavequeue.resolve;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Dispatcher;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.ResolutionSteps;
import io.wavequeue.store.ResolutionSteps.Step;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** The loop that carries out decisions about many jobs, a chunk a step, in every process. */
@ApplicationScoped
public class ResolutionRunner {
    private static final Logger LOG = Logger.getLogger(ResolutionRunner.class);
    private static final int CHUNK = 200;
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration TROUBLE = Duration.ofSeconds(2);

    private final ResolutionSteps steps;
    private final Dispatcher dispatcher;
    private final WavequeueConfig.Resolutions settings;
    private final Loop loop = new Loop("resolutions", this::stepSafely);

    ResolutionRunner(ResolutionSteps steps, Dispatcher dispatcher, WavequeueConfig config) {
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
            LOG.warnf("carrying out decisions waits: %s", away.getMessage());
            return TROUBLE;
        } catch (RuntimeException failure) {
            LOG.error("carrying out a decision failed and is tried again", failure);
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
        for (UUID job : step.resolved()) {
            MDC.put("job", job);
            LOG.infof(
                    "a person decided about its uncertain submit: %s (resolution %s)",
                    step.decision().code(), step.resolution());
        }
        MDC.remove("job");
        if (step.skipped() > 0) {
            LOG.warnf(
                    "resolution %s left %d jobs as they are: GET /v1/resolutions/%s tells why",
                    step.resolution(), step.skipped(), step.resolution());
        }
        if (step.done()) {
            LOG.infof("resolution %s is done", step.resolution());
        }
        dispatcher.wake();
    }
}
