package io.wavequeue.worker.poll;

import io.quarkus.runtime.StartupEvent;
import io.wavequeue.worker.run.Sleeper;
import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Lets so many polls go in a second, evenly and in the order in which their turns come. Any thread. */
@Singleton
final class PollPace {
    /** Shorter waits are left out: below the cap, polls that happen to meet do not wait for each other. */
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(1);

    private final long spacing;
    private final LongSupplier nanos;
    private final Sleeper sleeper;
    private final AtomicLong next;

    @Inject
    PollPace(WorkerConfig config, Stopwatch stopwatch, Sleeper sleeper) {
        this(config.pollsPerSecond(), () -> stopwatch.stamp().nanos(), sleeper);
    }

    /**
     * @param perSecond at least 1
     * @param nanos a clock that never goes back
     */
    PollPace(int perSecond, LongSupplier nanos, Sleeper sleeper) {
        if (perSecond < 1) {
            throw new IllegalArgumentException(
                    "wavequeue.worker.polls-per-second must be at least 1, not " + perSecond);
        }
        this.spacing = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.nanos = nanos;
        this.sleeper = sleeper;
        this.next = new AtomicLong(nanos.getAsLong());
    }

    /** Made at the start, so that a wrong setting ends it. */
    void onStart(@Observes StartupEvent start) {}

    /** Waits so long, and then for its turn. */
    void after(Duration wait) throws InterruptedException {
        if (wait.isPositive()) {
            sleeper.sleep(wait);
        }
        awaitTurn();
    }

    private void awaitTurn() throws InterruptedException {
        long now = nanos.getAsLong();
        long turn = next.getAndUpdate(free -> now + Math.max(free - now, 0) + spacing);
        long wait = turn - now;
        if (wait >= SHORTEST) {
            sleeper.sleep(Duration.ofNanos(wait));
        }
    }
}
