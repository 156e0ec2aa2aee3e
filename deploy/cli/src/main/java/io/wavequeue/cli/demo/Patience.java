package io.wavequeue.cli.demo;

import java.time.Duration;

/**
 * How long the demo waits.
 *
 * @param interval between two looks
 * @param deadline for the whole run
 * @param held when all that is left has been held for so long, only a person can help and waiting is pointless
 * @param silence the API may be away for so long, since {@code up} starts a killed one again
 */
record Patience(Duration interval, Duration deadline, Duration held, Duration silence) {

    static final Patience USUAL = new Patience(
            Duration.ofMillis(300), Duration.ofMinutes(10), Duration.ofSeconds(30), Duration.ofSeconds(60));
}
