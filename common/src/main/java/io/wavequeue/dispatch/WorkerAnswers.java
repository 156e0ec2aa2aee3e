package io.wavequeue.dispatch;

import io.wavequeue.store.WorkerStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what workers, who alone call the provider, write down as the answer to a question. */
@ApplicationScoped
public class WorkerAnswers {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** A worker that died without a word is missed after this. */
    private static final Duration LATELY = Duration.ofSeconds(30);

    private final WorkerStore workers;

    public WorkerAnswers(WorkerStore workers) {
        this.workers = workers;
    }

    /** Looks until all is there, and no longer than anybody has patience and there is a worker that might answer. */
    public <T> T await(Supplier<T> look, Predicate<T> isComplete, Duration patience) throws InterruptedException {
        Signal pause = new Signal();
        for (Duration left = patience; ; left = left.minus(LOOK_EVERY)) {
            T seen = look.get();
            if (isComplete.test(seen) || !left.isPositive() || !isAnyWorkerThere()) {
                return seen;
            }
            pause.await(LOOK_EVERY);
        }
    }

    public boolean isAnyWorkerThere() {
        return !workers.hosts(LATELY).isEmpty();
    }
}
