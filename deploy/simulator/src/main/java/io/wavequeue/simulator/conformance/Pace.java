package io.wavequeue.simulator.conformance;

import java.time.Duration;
import java.time.Instant;

/** The time, and the waiting between two looks. */
public interface Pace {
    /** That of this machine. */
    Pace REAL = new Pace() {
        @Override
        public Instant now() {
            return Instant.now();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
            Thread.sleep(time);
        }
    };

    Instant now();

    void pause(Duration time) throws InterruptedException;
}
