package io.wavequeue.cli.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The only two ways in which the command line meets time: reading it and waiting. */
public record Pace(InstantSource clock, Sleeper sleeper) {

    /** The present instant by the injected clock. */
    public Instant instant() {
        return clock.instant();
    }

    /** How long ago the instant was. */
    public Duration since(Instant start) {
        return Duration.between(start, clock.instant());
    }

    /** Waits for the duration. */
    public void sleep(Duration duration) throws InterruptedException {
        sleeper.sleep(duration);
    }
}
