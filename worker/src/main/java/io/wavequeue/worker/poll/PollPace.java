package io.wavequeue.worker.poll;

import io.quarkus.runtime.StartupEvent;
import io.wavequeue.worker.run.Heartbeat;
import io.wavequeue.worker.run.Sleeper;
import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * Lets this worker's part of so many polls go in a second, evenly and in the order in which their turns come. Living workers
 * have equal parts. Any thread.
 */
@Singleton
final class PollPace {
    /** Shorter waits are left out: below the cap, polls that happen to meet do not wait for each other. */
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(1);

    private final long spacing;
    private final IntSupplier workers;
    private final LongSupplier nanos;
    private final Sleeper sleeper;
    private final AtomicLong next;

    @Inject
    PollPace(WorkerConfig config, Heartbeat heartbeat, Stopwatch stopwatch, Sleeper sleeper) {
        this(config.pollsPerSecond(), heartbeat::living, () -> stopwatch.stamp().nanos(), sleeper);
    }

    /**
     * @param perSecond of all workers, at least 1
     * @param workers that share it, at least 1
     * @param nanos a clock that never goes back
     */
    PollPace(int perSecond, IntSupplier workers, LongSupplier nanos, Sleeper sleeper) {
        if (perSecond < 1) {
            throw new IllegalArgumentException(
                    "wavequeue.worker.polls-per-second must be at least 1, not " + perSecond);
        }
        this.spacing = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.workers = workers;
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
        long ours = spacing * workers.getAsInt();
        long turn = next.getAndUpdate(free -> now + Math.max(free - now, 0) + ours);
        long wait = turn - now;
        if (wait >= SHORTEST) {
            sleeper.sleep(Duration.ofNanos(wait));
        }
    }
}
