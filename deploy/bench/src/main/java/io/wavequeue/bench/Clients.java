package io.wavequeue.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * HTTP clients and ways of waiting, polling the simulator: each in a new JVM, in turn, as often as there are runs.
 *
 * @param open predictions that do not end meanwhile
 * @param everySeconds from a look at one of them to the next
 * @param seconds of a measurement, under each of the two loads
 */
record Clients(int open, int everySeconds, int seconds) implements Comparison {
    private static final List<String> WAYS =
            List.of("vertx-threads", "vertx-threads-http2", "vertx-timers", "jdk-threads", "jdk-threads-http2");
    private static final int COMPLETED = 1_000;
    private static final int THREADS = 16;
    private static final String PROGRAM = "io.wavequeue.worker.provider.PollLoad";

    @Override
    public String name() {
        return "clients";
    }

    @Override
    public void describe(ObjectNode line) {
        line.put("open", open).put("every_s", everySeconds).put("seconds", seconds);
    }

    @Override
    public void measure(Path home, int runs, PrintStream progress, Measurements into)
            throws IOException, InterruptedException {
        Programs programs = new Programs(home);
        Process simulator = programs.simulator(List.of("--seed", "1"));
        Thread stop = new Thread(simulator::destroy, "stop-simulator");
        Runtime.getRuntime().addShutdownHook(stop);
        Path folder = Files.createTempDirectory(Files.createDirectories(home.resolve("target/bench")), "clients-");
        try (BufferedReader out = simulator.inputReader()) {
            URI url = address(out);
            Path completed = made(url, Latency.parse("instant"), COMPLETED, folder.resolve("completed"));
            Path running = made(url, Latency.parse("86400s"), open, folder.resolve("open"));
            for (int number = 1; number <= runs; number++) {
                for (String way : WAYS) {
                    progress.printf("run %d of %d: %s%n", number, runs, way);
                    programs.workerTests(
                            PROGRAM,
                            List.of(
                                    way,
                                    url.toString(),
                                    Integer.toString(seconds),
                                    completed.toString(),
                                    running.toString(),
                                    Integer.toString(everySeconds)),
                            line -> into.addTree(way.replace('-', '_'), line));
                }
            }
            Files.delete(completed);
            Files.delete(running);
            Files.delete(folder);
        } finally {
            simulator.destroy();
        }
    }

    private static URI address(BufferedReader out) throws IOException {
        String line = String.valueOf(out.readLine());
        if (!line.contains("ready on ")) {
            throw new BenchFailedException("the simulator did not start: " + line);
        }
        return URI.create(line.substring(line.lastIndexOf(' ') + 1));
    }

    /** A file with the ids of new predictions, one a line. */
    private static Path made(URI url, Latency latency, int count, Path file) throws IOException, InterruptedException {
        SimulatedProvider provider = new SimulatedProvider(url);
        provider.configure(latency);
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<String>> ids = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String take = String.format(Locale.ROOT, "%s %d", latency.text(), i);
                ids.add(threads.submit((Callable<String>) () -> provider.submit(take)));
            }
            return Files.write(file, Futures.results(ids, "the simulator took no submit"));
        }
    }
}
