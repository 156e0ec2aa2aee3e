package io.wavequeue.worker;

import io.wavequeue.test.Patience;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for a condition with a deadline. */
final class Awaiting {
    private Awaiting() {}

    static void until(String what, Callable<Boolean> condition) {
        Patience.await(what)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(condition);
    }
}
