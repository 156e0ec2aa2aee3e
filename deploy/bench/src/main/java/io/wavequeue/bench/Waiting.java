package io.wavequeue.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;

/** Waits for what other processes do. */
final class Waiting {
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private Waiting() {}

    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, SQLException, InterruptedException;
    }

    /** @throws BenchFailedException when it does not hold within a quarter of an hour */
    static void until(String what, Duration every, Condition condition)
            throws IOException, SQLException, InterruptedException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - start > LONGEST.toNanos()) {
                throw new BenchFailedException(
                        "waited %d minutes in vain until %s".formatted(LONGEST.toMinutes(), what));
            }
            pause(every);
        }
    }

    static void pause(Duration time) throws InterruptedException {
        Thread.sleep(time);
    }

    static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
