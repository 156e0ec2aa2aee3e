package io.wavequeue.simulator.account;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that runs with another one and can be turned on, never back. */
public final class TurnableClock implements InstantSource {
    private final InstantSource clock;
    private volatile Duration turned = Duration.ZERO;

    public TurnableClock(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Instant instant() {
        return clock.instant().plus(turned);
    }

    /** How far it is ahead. */
    public Duration turned() {
        return turned;
    }

    void turn(Duration by) {
        turned = turned.plus(by);
    }
}
