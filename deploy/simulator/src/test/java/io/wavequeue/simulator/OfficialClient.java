package io.wavequeue.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The npm package {@code wavespeed} as its makers published it, in a node process that runs one call after the other. */
final class OfficialClient implements AutoCloseable {
    static final String VERSION = "0.3.2";

    private static final Path FOLDER = Path.of("target", "official-client");
    private static final int OLDEST_NODE = 18; // the first with fetch
    private static final long INSTALL_SECONDS = 120;
    private static final long CALL_SECONDS = 40;

    private final Process node;
    private final Writer in;
    private final BufferedReader out;

    /**
     * What came of a call.
     *
     * @param value what the client returned; missing when it threw
     * @param thrown class and message of what it threw; empty when it returned
     */
    record Outcome(JsonNode value, String thrown) {
        String text() {
            return thrown.isEmpty() ? "completed" : thrown;
        }
    }

    private OfficialClient(Process node) {
        this.node = node;
        this.in = node.outputWriter(StandardCharsets.UTF_8);
        this.out = node.inputReader(StandardCharsets.UTF_8);
    }

    /** Installs the package where it is not there yet. Without node or npm the tests are skipped, on CI they fail. */
    static OfficialClient start() throws IOException, InterruptedException {
        Files.createDirectories(FOLDER);
        int major = nodeVersion();
        if (major < OLDEST_NODE) {
            giveUp(major == 0 ? "node is not installed" : "node " + major + " is too old for the official client");
        }
        install();
        Path script = FOLDER.resolve("official-client.js");
        try (InputStream source = OfficialClient.class.getResourceAsStream("/official-client.js")) {
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder node = new ProcessBuilder("node", script.getFileName().toString());
        node.environment().keySet().removeIf(name -> name.startsWith("WAVESPEED_") || name.startsWith("NODE_"));
        node.directory(FOLDER.toFile())
                .redirectError(FOLDER.resolve("client.log").toFile());
        return new OfficialClient(node.start());
    }

    private static int nodeVersion() throws IOException, InterruptedException {
        Path answer = FOLDER.resolve("node-version.txt");
        if (run(answer, "node", "--version") != 0) {
            return 0;
        }
        return Integer.parseInt(Files.readString(answer).replaceFirst("v(\\d+)[^$]*", "$1"));
    }

    private static void install() throws IOException, InterruptedException {
        Path manifest = FOLDER.resolve("node_modules/wavespeed/package.json");
        if (Files.exists(manifest)
                && TestClient.read(Files.readString(manifest))
                        .path("version")
                        .asText()
                        .equals(VERSION)) {
            return;
        }
        Path log = FOLDER.resolve("npm.log");
        int code = run(
                log,
                "npm",
                "install",
                "--no-save",
                "--no-package-lock",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--prefix",
                FOLDER.toAbsolutePath().toString(),
                "wavespeed@" + VERSION);
        if (code != 0) {
            giveUp("npm could not install wavespeed " + VERSION + " (" + log + ")");
        }
    }

    /** The program's exit code, or -1 when it cannot be started. */
    private static int run(Path output, String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            Files.writeString(output, String.valueOf(e.getMessage()));
            return -1;
        }
        if (!process.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return -1;
        }
        return process.exitValue();
    }

    private static void giveUp(String reason) {
        if ("true".equals(System.getenv("CI"))) {
            Assertions.fail(reason + ", and on CI these tests have to run");
        }
        System.out.println("the official client is not tested: " + reason);
        Assumptions.abort(reason);
    }

    /** Runs a model with as little waiting between polls as can be. */
    Outcome run(String baseUrl, String key, String model, JsonNode input) {
        return call(baseUrl, key, "run", List.of(model, input, Map.of("pollInterval", 0.01)));
    }

    Outcome runInSyncMode(String baseUrl, String key, String model, JsonNode input) {
        return call(baseUrl, key, "run", List.of(model, input, Map.of("enableSyncMode", true)));
    }

    Outcome upload(String baseUrl, String key, Path file) {
        return call(baseUrl, key, "upload", List.of(file.toAbsolutePath().toString()));
    }

    private Outcome call(String baseUrl, String key, String method, List<Object> arguments) {
        ObjectNode call = JsonNodeFactory.instance.objectNode();
        call.put("baseUrl", baseUrl).put("key", key).put("method", method).putPOJO("args", arguments);
        try {
            in.write(TestClient.write(call) + "\n");
            in.flush();
            JsonNode answer = TestClient.read(answer());
            String thrown = answer.has("error")
                    ? answer.path("error").asText() + ": "
                            + answer.path("message").asText()
                    : "";
            return new Outcome(answer.path("value"), thrown);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String answer() throws IOException {
        try {
            String line = CompletableFuture.supplyAsync(this::readLine).get(CALL_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new IOException("node ended; see " + FOLDER.resolve("client.log"));
            }
            return line;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            node.destroyForcibly();
            throw new IOException("the client did not come back; see " + FOLDER.resolve("client.log"), e);
        }
    }

    private String readLine() {
        try {
            return out.readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        node.destroy();
    }
}
