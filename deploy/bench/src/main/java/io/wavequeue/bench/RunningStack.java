package io.wavequeue.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged programs, started as {@code wavequeue up} does, on a folder of their own that is removed at the end. */
final class RunningStack implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** What would have it pay, or use other servers than its own. */
    private static final List<String> NOT_OURS = List.of("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS");

    private final Path data;
    private final int port;
    private final Process process;
    private boolean failed;

    private RunningStack(Path data, int port, Process process) {
        this.data = data;
        this.port = port;
        this.process = process;
    }

    /** What {@code processes.json} says of a process. */
    record Part(String name, long pid, int port) {}

    /**
     * Starts it and waits until all is ready.
     *
     * @param home the repository's folder with its built programs
     * @param folder where the data's own folder is made
     * @param environment in addition to this process's own, less what chooses a provider or servers
     */
    static RunningStack start(Path home, Path folder, int workers, Map<String, String> environment)
            throws IOException, SQLException, InterruptedException {
        Path data = Files.createTempDirectory(Files.createDirectories(folder), "stack-");
        int port = freePort();
        Path local = home.resolve("deploy/local/target");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dwavequeue.home=" + home,
                "-cp",
                local + "/*" + File.pathSeparator + local.resolve("lib") + "/*",
                "io.wavequeue.local.Main",
                "up",
                "--port",
                Integer.toString(port),
                "--workers",
                Integer.toString(workers),
                "--data",
                data.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("WAVE") || NOT_OURS.contains(name));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(data.resolve("up.log").toFile());
        RunningStack stack = new RunningStack(data, port, builder.start());
        Runtime.getRuntime().addShutdownHook(new Thread(stack::end, "stop-stack"));
        try {
            stack.awaitReady();
            return stack;
        } catch (IOException | SQLException | InterruptedException | RuntimeException failure) {
            stack.failed();
            stack.close();
            throw failure;
        }
    }

    private void awaitReady() throws IOException, SQLException, InterruptedException {
        Waiting.until("the stack is ready", LOOK_EVERY, () -> {
            if (!process.isAlive()) {
                throw new BenchFailedException("the stack did not start: " + Files.readString(data.resolve("up.log")));
            }
            return Files.exists(data.resolve("processes.json"));
        });
    }

    List<Part> parts() {
        try {
            List<Part> parts = new ArrayList<>();
            for (JsonNode part : JSON.readTree(data.resolve("processes.json").toFile())) {
                parts.add(new Part(
                        part.path("name").asText(),
                        part.path("pid").asLong(),
                        part.path("port").asInt()));
            }
            return parts;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    URI api() {
        return URI.create("http://127.0.0.1:" + port);
    }

    URI simulator() {
        return URI.create("http://127.0.0.1:" + portOf("simulator"));
    }

    String kafka() {
        return "127.0.0.1:" + portOf("kafka");
    }

    /** The JDBC address of a database of its PostgreSQL. */
    String database(String name) throws IOException {
        String password = Files.readString(data.resolve("postgres/password")).strip();
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=wavequeue&password=%s"
                .formatted(portOf("postgres"), name, password);
    }

    Path data() {
        return data;
    }

    /** Its folder is kept, so that somebody can look at the logs. */
    void failed() {
        failed = true;
    }

    @Override
    public void close() throws IOException {
        end();
        if (!failed) {
            remove(data);
        }
    }

    private int portOf(String name) {
        return parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BenchFailedException("no " + name + " runs in the stack"))
                .port();
    }

    private void end() {
        process.destroy();
        try {
            if (!process.waitFor(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A folder with all that is in it. */
    static void remove(Path folder) throws IOException {
        List<Path> all;
        try (var walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
