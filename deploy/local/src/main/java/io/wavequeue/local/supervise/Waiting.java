package io.wavequeue.local.supervise;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/** Time for code that waits: a clock to read and a way to pause. Tests bring their own. */
public record Waiting(InstantSource clock, Sleeper sleeper) {
    private static final Duration STEP = Duration.ofMillis(50);

    /** Pauses the calling thread. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration pause) throws InterruptedException;
    }

    /** The system's clock, and real pauses. */
    public static Waiting real() {
        return new Waiting(InstantSource.system(), Thread::sleep);
    }

    /** Asks again and again until the answer is yes (true) or the limit is over (false). */
    public boolean until(Duration limit, BooleanSupplier question) throws InterruptedException {
        var end = clock.instant().plus(limit);
        while (!question.getAsBoolean()) {
            if (!clock.instant().isBefore(end)) {
                return false;
            }
            sleeper.sleep(STEP);
        }
        return true;
    }
}
