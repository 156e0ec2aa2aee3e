package io.wavequeue.cli.client;

import java.time.Duration;

/** Waits. Injected, so that tests turn the time by hand instead of losing it. */
@FunctionalInterface
public interface Sleeper {

    /** Returns after the duration; an interrupt ends the command. */
    void sleep(Duration duration) throws InterruptedException;
}
