package io.wavequeue.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;

/** Something to measure, on a stack of its own. */
non-sealed interface Scenario extends Measure {
    /** So many clips a minute, or in flight, that nothing is held back by it. */
    int UNBOUND = 1_000_000;

    int workers();

    /** What the stack is started with. */
    Map<String, String> environment();

    /** As a run, but only so that the programs are compiled and their connections stand. */
    void warmUp(Lab lab) throws IOException, SQLException, InterruptedException;

    /**
     * One run.
     *
     * @param number from 1
     * @throws BenchFailedException when its result is not what it should be
     */
    void run(Lab lab, int number, Measurements into) throws IOException, SQLException, InterruptedException;

    /** Limits of the account for a stack. */
    static Map<String, String> limits(int submitsPerMinute, int inFlight) {
        return Map.of(
                "WAVEQUEUE_SUBMITS_PER_MINUTE", Integer.toString(submitsPerMinute),
                "WAVEQUEUE_MAX_IN_FLIGHT", Integer.toString(inFlight));
    }
}
