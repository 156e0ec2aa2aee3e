package io.wavequeue.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the statements that run all the time take with few and with many made-up jobs in the tables, in turn, on one embedded
 * PostgreSQL.
 *
 * @param few jobs of the one database
 * @param many jobs of the other
 */
record ManyRows(int few, int many) implements Comparison {
    private static final String PROGRAM = "io.wavequeue.store.ManyJobs";

    @Override
    public String name() {
        return "many-jobs";
    }

    @Override
    public void describe(ObjectNode line) {
        line.put("few", few).put("many", many);
    }

    @Override
    public void measure(Path home, int runs, PrintStream progress, Measurements into)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory(Files.createDirectories(home.resolve("target/bench")), "many-jobs-");
        try {
            new Programs(home)
                    .commonTests(
                            PROGRAM,
                            List.of(
                                    folder.toString(),
                                    Integer.toString(few),
                                    Integer.toString(many),
                                    Integer.toString(runs)),
                            line -> into.addTree("", line));
        } finally {
            progress.println("removing the rows");
            RunningStack.remove(folder);
        }
    }
}
