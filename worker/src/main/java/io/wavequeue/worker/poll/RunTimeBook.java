package io.wavequeue.worker.poll;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.RunTimeStore;
import io.wavequeue.store.RunTimeStore.Run;
import io.wavequeue.store.RunTimeStore.Runs;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What is known of run times: learned here, shared with the other workers and kept over restarts by way of the database.
 * While that is away, it goes on with what is in memory.
 */
@ApplicationScoped
class RunTimeBook {
    private static final Logger LOG = Logger.getLogger(RunTimeBook.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int TICKS_PER_EXCHANGE = 30;

    /** After the predictions are let go, before the framework closes the database. */
    private static final int LATE = 2;

    private final RunTimeStore store;
    private final Map<Workload, RunTimes> known = new ConcurrentHashMap<>();
    private final Loop loop = new Loop("run-times", this::tick);
    private int ticks;

    RunTimeBook(RunTimeStore store) {
        this.store = store;
    }

    void onStart(@Observes StartupEvent start) {
        loop.start();
    }

    void onStop(@Observes @Priority(LATE) ShutdownEvent stop) throws InterruptedException {
        loop.stopAndWait();
        exchangeIfPossible();
    }

    /** By runs of that size; while too few of them are known, by all of the model. */
    PollPlan plan(Workload workload) {
        PollPlan plan = of(workload).plan();
        return plan.isLearned() || workload.isEverySize()
                ? plan
                : of(workload.everySize()).plan();
    }

    /**
     * A run ended. One that failed did so as well: it holds its slot until that is seen.
     *
     * @param open from being accepted to the last look that found it open; 0 = none did
     * @param ended from being accepted to the look that found it ended
     * @param inferenceMs as told by the provider; null = not told
     */
    void learn(Workload workload, Duration open, Duration ended, @Nullable Integer inferenceMs) {
        if (open.isNegative() || ended.compareTo(open) < 0) {
            return;
        }
        Run run = new Run(millis(open), millis(ended), inferenceMs);
        of(workload).learn(run);
        if (!workload.isEverySize()) {
            of(workload.everySize()).learn(run);
        }
    }

    private static int millis(Duration duration) {
        return (int) Math.min(duration.toMillis(), Integer.MAX_VALUE);
    }

    private RunTimes of(Workload workload) {
        RunTimes times = known.get(workload);
        return times != null ? times : known.computeIfAbsent(workload, ignored -> new RunTimes());
    }

    /** A loop's edge: what could not be handed over has its turn again. */
    private Duration tick() {
        if (ticks++ % TICKS_PER_EXCHANGE == 0) {
            exchangeIfPossible();
        }
        try {
            replan();
        } catch (RuntimeException failure) {
            LOG.error("polls are timed by what was known before", failure);
        }
        return TICK;
    }

    private void exchangeIfPossible() {
        try {
            exchange();
        } catch (DatabaseAwayException away) {
            LOG.warnf("run times are shared and kept later: %s", away.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("run times can neither be shared nor kept now, which is tried again", failure);
        }
    }

    /** Hands over what was learned since the last time, and takes in what all workers know. */
    void exchange() {
        List<Runs> fresh = new ArrayList<>();
        known.forEach((workload, times) -> {
            List<Run> taken = times.takeFresh();
            if (!taken.isEmpty()) {
                fresh.add(new Runs(workload.model(), workload.size(), taken));
            }
        });
        try {
            store.exchange(fresh, RunTimes.WINDOW)
                    .forEach(runs -> of(new Workload(runs.model(), runs.size())).replace(runs.runs()));
        } catch (RuntimeException failure) {
            fresh.forEach(runs -> of(new Workload(runs.model(), runs.size())).takeBack(runs.runs()));
            throw failure;
        }
    }

    void replan() {
        known.values().forEach(RunTimes::replan);
    }
}
