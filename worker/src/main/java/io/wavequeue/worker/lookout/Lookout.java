package io.wavequeue.worker.lookout;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.job.Transition.Observation;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.LookoutStore;
import io.wavequeue.store.LookoutStore.Due;
import io.wavequeue.store.LookoutStore.Found;
import io.wavequeue.worker.archive.Archiver;
import io.wavequeue.worker.provider.Prediction;
import io.wavequeue.worker.provider.WaveSpeed;
import io.wavequeue.worker.settle.Settler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Looks at paid predictions that nobody follows, each every ten minutes, until they end or the provider forgets them, and
 * has what they made archived. Every worker does; a prediction is one worker's at a time.
 */
@ApplicationScoped
public class Lookout {
    private static final Logger LOG = Logger.getLogger(Lookout.class);
    private static final Duration TICK = Duration.ofSeconds(5);
    private static final int MOST_AT_ONCE = 16;

    /** A provider that does not know a prediction for so long will not know it again. */
    private static final Duration UNKNOWN_PATIENCE = Duration.ofDays(1);

    /** Whoever follows an adopted prediction hears its result from a provider that has not forgotten it. */
    private static final Duration FOLLOWED_PATIENCE = Duration.ofSeconds(30);

    private final LookoutStore store;
    private final WaveSpeed provider;
    private final Settler settler;
    private final Archiver archiver;
    private final LookoutMetrics metrics;
    private final LookoutConfig config;
    private final InstantSource clock;
    private final Loop loop = new Loop("lookout", this::tick);

    Lookout(
            LookoutStore store,
            WaveSpeed provider,
            Settler settler,
            Archiver archiver,
            LookoutMetrics metrics,
            LookoutConfig config,
            InstantSource clock) {
        this.store = store;
        this.provider = provider;
        this.settler = settler;
        this.archiver = archiver;
        this.metrics = metrics;
        this.config = config;
        this.clock = clock;
    }

    void onStart(@Observes StartupEvent start) {
        if (config.enabled()) {
            loop.start();
        }
    }

    void onStop(@Observes ShutdownEvent stop) {
        loop.stop();
    }

    /** A loop's edge: what was not looked at has its turn again. */
    private Duration tick() throws InterruptedException {
        try {
            return step() < MOST_AT_ONCE ? TICK : Duration.ZERO;
        } catch (DatabaseAwayException away) {
            LOG.warnf("looking at overdue predictions waits: %s", away.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("looking at overdue predictions failed and is tried again", failure);
        }
        return TICK;
    }

    /** Delivers what is known already, and looks at those whose turn it is. Returns how many had their turn. */
    public int step() throws InterruptedException {
        for (Found found : store.found(FOLLOWED_PATIENCE)) {
            deliver(found);
        }
        List<Due> due = store.take(MOST_AT_ONCE, config.every());
        List<Thread> looking = due.stream()
                .map(one -> Thread.ofVirtual().name("look").start(() -> settle(one)))
                .toList();
        for (Thread thread : looking) {
            thread.join();
        }
        metrics.show(store.waiting());
        return due.size();
    }

    private void deliver(Found found) throws InterruptedException {
        Transition succeeded = new Transition(
                found.jobId(),
                found.fence(),
                JobStatus.RUNNING,
                new Next.Succeeded(found.outputUrls()),
                new AttemptChange.Ended(null, new Observation(0, found.inferenceMs(), null)),
                clock.instant());
        try {
            if (settler.settle(succeeded)) {
                archiver.wake();
            }
        } catch (IllegalStateException unwritable) {
            LOG.errorf(unwritable, "job %s: what its prediction made cannot be delivered now", found.jobId());
        }
    }

    private void settle(Due due) {
        try {
            if (due.end().isEmpty()) {
                look(due);
                return;
            }
            switch (due.end().get()) {
                case FOLLOWED -> LOG.infof("%s has an attempt now, which is followed", name(due));
                case EXPIRED ->
                    LOG.warnf("%s did not end within the provider's 7 days; it is not looked at again", name(due));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (DatabaseAwayException away) {
            LOG.warnf(
                    "what became of %s is not written down, and is looked at again: %s", name(due), away.getMessage());
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "%s cannot be settled now; it is looked at again", name(due));
        }
    }

    private void look(Due due) throws InterruptedException {
        switch (provider.look(due.predictionId())) {
            case Prediction.Open ignored -> store.open(due.predictionId());
            case Prediction.Completed completed -> {
                int outputs = store.completed(due.predictionId(), completed.outputUrls(), completed.inferenceMs());
                LOG.infof("%s completed after all; its %d outputs are archived", name(due), outputs);
                archiver.wake();
            }
            case Prediction.Failed failed -> {
                store.failed(due.predictionId(), failed.error(), failed.inferenceMs());
                LOG.infof(
                        "%s failed at the provider (%s); its refund is for the bill to show",
                        name(due), failed.error().errorClass().code());
            }
            case Prediction.Unknown ignored -> {
                if (store.unknown(due.predictionId(), UNKNOWN_PATIENCE)) {
                    LOG.warnf("%s has been unknown to the provider for a day; it is not looked at again", name(due));
                }
            }
            case Prediction.Unreadable trouble ->
                LOG.debugf("%s could not be looked at: %s", name(due), trouble.reason());
        }
    }

    private static String name(Due due) {
        return "prediction " + due.predictionId()
                + (due.jobId() == null ? ", which is no job's," : " of job " + due.jobId());
    }
}
