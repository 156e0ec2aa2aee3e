package io.wavequeue.simulator.http;

import java.time.Duration;
import java.time.InstantSource;

/** Time as the API has it: a clock that can be turned, and timers that go by the real one. Tests bring their own. */
public record Time(InstantSource clock, Timer timer) {

    /** Does something later, on the event loop. */
    @FunctionalInterface
    public interface Timer {
        void after(Duration delay, Runnable step);
    }
}
