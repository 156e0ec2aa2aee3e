package io.wavequeue.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.wavequeue.local.Ports;
import io.wavequeue.test.Servers;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A stack that {@code wavequeue up} started in a folder of its own. */
final class RunningStack implements AutoCloseable {
    static final String MUSIC = "stability-ai/stable-audio-3/music";
    /** Most of these programs live for less than a minute: the second compiler would cost more than it brings. */
    static final String QUICK_JAVA = "-XX:TieredStopAtLevel=1";

    /** Nothing depends on it, and it would start a process more per worker. */
    private static final Map<String, String> LOOK_AT_NOTHING =
            Map.of("WAVEQUEUE_OUTPUT_CHECK", "false", "WAVEQUEUE_OUTPUT_SIDECARS", "false");

    static final Duration DEADLINE = Duration.ofSeconds(150);
    /** Beyond what {@code up} gives its parts, one stage after the other, to be ready and to end: it says itself what fails. */
    private static final Duration FAR = Duration.ofMinutes(10);

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    /** How long one answer is waited for: shorter where it is asked for again. */
    private static final ScopedValue<Duration> PATIENCE = ScopedValue.newInstance();

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path data;
    private final int port;
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningStack(Path data, int port, Process process) {
        this.data = data;
        this.port = port;
        this.process = process;
    }

    static RunningStack up(Path data, int workers, Map<String, String> environment) {
        return up(home(), data, workers, Ports.free(), environment);
    }

    static RunningStack up(Path data, int workers, int port, Map<String, String> environment) {
        return up(home(), data, workers, port, environment);
    }

    /** @param home the folder of the build whose programs are started */
    static RunningStack up(Path home, Path data, int workers, Map<String, String> environment) {
        return up(home, data, workers, Ports.free(), environment);
    }

    private static RunningStack up(Path home, Path data, int workers, int port, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-Dwavequeue.home=" + home,
                "-cp",
                home.resolve("deploy/local/target/classes") + File.pathSeparator
                        + home.resolve("deploy/local/target/lib") + "/*",
                "io.wavequeue.local.Main",
                "up",
                "--port",
                Integer.toString(port),
                "--workers",
                Integer.toString(workers),
                "--data",
                data.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("WAVE"));
        builder.environment().putAll(LOOK_AT_NOTHING);
        builder.environment().putAll(environment);
        builder.environment().put("JDK_JAVA_OPTIONS", QUICK_JAVA);
        builder.redirectErrorStream(true);
        try {
            Files.createDirectories(data);
            builder.redirectOutput(data.resolve("up.log").toFile());
            RunningStack stack = new RunningStack(data, port, builder.start());
            stack.awaitReadyOrStop();
            return stack;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Times so short that a test sees what follows a death, a silence or a lost reply. */
    static Map<String, String> quickTimes() {
        Map<String, String> environment = new HashMap<>();
        environment.put("WAVEQUEUE_WORKER_SUBMIT_WINDOW", "2S");
        environment.put("WAVEQUEUE_WORKER_SUBMIT_TIMEOUT", "3S");
        environment.put("WAVEQUEUE_WORKER_DEAD_AFTER", "4S");
        environment.put("WAVEQUEUE_WORKER_RETRY_FIRST", "0.1S");
        environment.put("WAVEQUEUE_WORKER_TRANSFER_TIMEOUT", "5S");
        environment.put("WAVEQUEUE_DISPATCH_SEND_AGAIN", "3S");
        environment.put("WAVEQUEUE_UNCERTAIN_EVERY", "1S");
        environment.put("WAVEQUEUE_UNCERTAIN_HISTORY_LAG", "1S");
        environment.put("WAVEQUEUE_UNCERTAIN_CLOCK_MARGIN", "2S");
        return environment;
    }

    /**
     * The same for tests that count thousands of calls, any of which the machine may keep waiting: a submit that the provider
     * takes late is not soon proved absent, nor a slow file given up.
     */
    static Map<String, String> patientTimes() {
        Map<String, String> environment = quickTimes();
        environment.put("WAVEQUEUE_WORKER_SUBMIT_TIMEOUT", "12S");
        environment.put("WAVEQUEUE_UNCERTAIN_HISTORY_LAG", "4S");
        environment.put("WAVEQUEUE_WORKER_TRANSFER_TIMEOUT", "20S");
        return environment;
    }

    /** What has the stack use the servers of the tests where those are containers; it starts its own otherwise. */
    static Map<String, String> servers() {
        Map<String, String> environment = new HashMap<>();
        if (Servers.isDocker()) {
            environment.put("DATABASE_URL", Servers.postgres().newDatabase());
            environment.put("KAFKA_BOOTSTRAP_SERVERS", Servers.kafka().bootstrapServers());
        }
        return environment;
    }

    static Path home() {
        return Path.of("").toAbsolutePath().getParent().getParent();
    }

    /** What does not become ready must not run on beside the tests that follow. */
    private void awaitReadyOrStop() {
        try {
            awaitReady();
        } catch (RuntimeException failure) {
            try {
                close();
            } catch (RuntimeException another) {
                failure.addSuppressed(another);
            }
            throw failure;
        }
    }

    private void awaitReady() {
        Awaitility.await("the stack to be ready")
                .atMost(FAR)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("up ended: " + Files.readString(data.resolve("up.log")));
                    }
                    return Files.exists(data.resolve("processes.json"));
                });
    }

    /** What {@code processes.json} says of a process. */
    record Part(String name, long pid, int port) {}

    List<Part> parts() {
        try {
            return JSON.readTree(data.resolve("processes.json").toFile())
                    .valueStream()
                    .map(part -> new Part(
                            part.path("name").asText(),
                            part.path("pid").asLong(),
                            part.path("port").asInt()))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    Part part(String name) {
        return parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    void kill(String name) {
        ProcessHandle.of(part(name).pid()).orElseThrow().destroyForcibly();
    }

    /** Of the API. */
    String address() {
        return "http://127.0.0.1:" + port;
    }

    URI simulator() {
        return URI.create("http://127.0.0.1:" + part("simulator").port());
    }

    /** Posts one job; returns its id. */
    String enqueue(String prompt) {
        JsonNode job = post(
                "/v1/jobs",
                "{\"model\":\"%s\",\"input\":{\"prompt\":\"%s\",\"duration\":1}}".formatted(MUSIC, prompt),
                202);
        return job.path("id").asText();
    }

    /** Posts one job, under a key, until it is taken: whoever dies meanwhile, it is one job. */
    String enqueueSurely(String prompt) {
        return enqueueSurely(
                prompt.replace(' ', '-'),
                "{\"model\":\"%s\",\"input\":{\"prompt\":\"%s\",\"duration\":1}}".formatted(MUSIC, prompt));
    }

    String enqueueSurely(String key, String body) {
        return enqueueSurely(key, body, DEADLINE);
    }

    String enqueueSurely(String key, String body, Duration within) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/jobs"))
                .header("content-type", "application/json")
                .header("idempotency-key", key)
                .timeout(ANSWER_WITHIN)
                .POST(BodyPublishers.ofString(body))
                .build();
        return Awaitility.await("the API to take " + key)
                .atMost(within)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> send(request, 202).path("id").asText(), id -> !id.isEmpty());
    }

    /** Lets every process go on that a test has stopped. */
    void wakeStopped() {
        parts().forEach(part -> signal(part.pid(), "CONT"));
    }

    /** Sends a signal; a process that is gone by now gets none. */
    static void signal(long pid, String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the API and all workers that are listed answer as ready. */
    boolean isAllReady() throws IOException, InterruptedException {
        for (Part part : parts()) {
            if (part.name().equals("api") || part.name().startsWith("worker")) {
                URI ready = URI.create("http://127.0.0.1:" + part.port() + "/q/health/ready");
                HttpRequest request =
                        HttpRequest.newBuilder(ready).timeout(ANSWER_WITHIN).build();
                if (client.send(request, BodyHandlers.discarding()).statusCode() != 200
                        || !ProcessHandle.of(part.pid())
                                .map(ProcessHandle::isAlive)
                                .orElse(false)) {
                    return false;
                }
            }
        }
        return true;
    }

    String kafka() {
        return "127.0.0.1:" + part("kafka").port();
    }

    Path outputs() {
        return data.resolve("outputs");
    }

    /** Uploads a clip; returns what a job names it by. */
    String upload(byte[] clip) {
        String head = "--part\r\ncontent-disposition: form-data; name=\"file\"; filename=\"clip.wav\"\r\n\r\n";
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/media"))
                .header("content-type", "multipart/form-data; boundary=part")
                .POST(BodyPublishers.concat(
                        BodyPublishers.ofString(head),
                        BodyPublishers.ofByteArray(clip),
                        BodyPublishers.ofString("\r\n--part--\r\n")))
                .build();
        return send(request, 201).path("audio").asText();
    }

    void orderFault(String json) {
        send(
                HttpRequest.newBuilder(simulator().resolve("/admin/faults"))
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                200);
    }

    /** Lets the simulator's calls go on that faults hold back. */
    void release() {
        send(
                HttpRequest.newBuilder(simulator().resolve("/admin/release"))
                        .POST(BodyPublishers.noBody())
                        .build(),
                200);
    }

    void clearFaults() {
        send(
                HttpRequest.newBuilder(simulator().resolve("/admin/faults"))
                        .DELETE()
                        .build(),
                200);
    }

    String status(String job) {
        return get("/v1/jobs/" + job).path("status").asText();
    }

    JsonNode get(String path) {
        return send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(PATIENCE.orElse(DEADLINE))
                        .build(),
                200);
    }

    JsonNode post(String path, String body, int expected) {
        return send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                expected);
    }

    JsonNode simulator(String path) {
        return send(HttpRequest.newBuilder(simulator().resolve(path)).build(), 200);
    }

    /** The text of a program's metrics. */
    String metrics(String name) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + part(name).port() + "/q/metrics"))
                .build();
        try {
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    void configureSimulator(String json) {
        send(
                HttpRequest.newBuilder(simulator().resolve("/admin/config"))
                        .header("content-type", "application/json")
                        .method("PATCH", BodyPublishers.ofString(json))
                        .build(),
                200);
    }

    private JsonNode send(HttpRequest request, int expected) {
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() != expected) {
                throw new IllegalStateException(request.uri() + " answered " + response.statusCode() + " "
                        + new String(response.body(), StandardCharsets.UTF_8));
            }
            return JSON.readTree(response.body());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Number of jobs by status, over all pages. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new HashMap<>();
        for (JsonNode job : jobs()) {
            counts.merge(job.path("status").asText(), 1, Integer::sum);
        }
        return counts;
    }

    List<JsonNode> jobs() {
        List<JsonNode> jobs = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = get("/v1/jobs?limit=1000" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            page.path("items").forEach(jobs::add);
            cursor = page.path("next_cursor").asText("");
        } while (!cursor.isEmpty() && !cursor.equals("null"));
        return jobs;
    }

    static void await(String what, Callable<Boolean> condition) {
        await(what, DEADLINE, condition);
    }

    static void await(String what, Duration atMost, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> ScopedValue.where(PATIENCE, ANSWER_WITHIN).call(condition::call));
    }

    /** Waits for the condition, but no longer than so; whether it came. */
    static boolean within(Duration atMost, Callable<Boolean> condition) {
        try {
            await("a moment", atMost, condition);
            return true;
        } catch (ConditionTimeoutException notSoSoon) {
            return false;
        }
    }

    /** As Ctrl-C does. */
    void stop() {
        process.destroy();
        try {
            if (!process.waitFor(FAR.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the stack did not stop within " + FAR.toMinutes() + " minutes");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }
}
