package io.wavequeue.simulator;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits for longer than a busy machine keeps anything waiting; Awaitility by itself waits for 10 s. */
public final class Patience {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private Patience() {}

    public static ConditionFactory await() {
        return Awaitility.await().atMost(DEADLINE);
    }
}
