package io.wavequeue.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;

/** Ways of doing the same thing beside each other, without a stack. */
non-sealed interface Comparison extends Measure {
    /**
     * All runs.
     *
     * @param home the repository's folder with its built programs
     * @param progress lines for the person who waits
     */
    void measure(Path home, int runs, PrintStream progress, Measurements into) throws IOException, InterruptedException;
}
