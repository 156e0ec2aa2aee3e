package io.wavequeue.worker;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits for a condition with a deadline. */
final class Awaiting {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private Awaiting() {}

    static void until(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(condition);
    }
}
