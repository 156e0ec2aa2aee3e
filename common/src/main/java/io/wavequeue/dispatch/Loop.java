package io.wavequeue.dispatch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Repeats a step on a thread of its own. Between two steps it waits as long as the first one said, or until it is woken. */
public final class Loop {
    private static final Duration LAST_STEP = Duration.ofSeconds(5);

    private final String name;
    private final Step step;
    private final Signal signal = new Signal();
    private volatile boolean stopping;
    private @Nullable Thread thread;

    /** One step. It lets no exception out: a loop that ends unseen is worse than a step that is tried again. */
    @FunctionalInterface
    public interface Step {
        /** Returns how long to wait before the next. */
        Duration run() throws InterruptedException;
    }

    public Loop(String name, Step step) {
        this.name = name;
        this.step = step;
    }

    public void start() {
        thread = Thread.ofVirtual().name(name).start(this::run);
    }

    /** The next step is now rather than in a moment. */
    public void wake() {
        signal.wake();
    }

    /** The step under way is the last; nobody waits for it. */
    public void stop() {
        stopping = true;
        signal.wake();
    }

    /** The step under way is the last, and has a few seconds to end. */
    public void stopAndWait() throws InterruptedException {
        stop();
        if (thread != null) {
            thread.join(LAST_STEP);
        }
    }

    private void run() {
        try {
            while (!stopping) {
                signal.await(step.run());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
