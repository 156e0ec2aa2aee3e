package io.wavequeue.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves only when told. */
final class MovableClock implements InstantSource {
    static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

    private volatile Instant now = START;

    @Override
    public Instant instant() {
        return now;
    }

    /** Called by one thread only. */
    void advance(Duration time) {
        Instant later = now.plus(time);
        now = later;
    }
}
