package io.wavequeue.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Policies of polling compared by simulation; a run is a seed, from 1.
 *
 * @param clips of a run, for each policy and distribution
 */
record Polling(int clips) implements Comparison {
    private static final String PROGRAM = "io.wavequeue.worker.poll.PollingLines";

    @Override
    public String name() {
        return "polling";
    }

    @Override
    public void describe(ObjectNode line) {
        line.put("clips", clips);
    }

    @Override
    public void measure(Path home, int runs, PrintStream progress, Measurements into)
            throws IOException, InterruptedException {
        progress.printf("%d seeds%n", runs);
        new Programs(home)
                .workerTests(
                        PROGRAM,
                        List.of(Integer.toString(runs), Integer.toString(clips)),
                        line -> into.addTree("", line));
    }
}
