package io.wavequeue.local;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wavequeue.local.supervise.Pids;
import io.wavequeue.local.supervise.ProcessesFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor as a program of its own, with real servers, a fake API and fake workers. */
final class MainIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int SIGTERM_CODE = 143;
    /** No provider of ours, and servers that nobody calls. */
    private static final Map<String, String> NOTHING_EMBEDDED = Map.of(
            "WAVESPEED_BASE_URL", "http://127.0.0.1:9",
            "DATABASE_URL", "jdbc:postgresql://127.0.0.1:9/none",
            "KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9");

    @TempDir
    private Path folder;

    private Path data = Path.of("unset");
    private final List<Launched> launched = new ArrayList<>();

    @BeforeEach
    void install() throws Exception {
        FakeInstallation.in(folder);
        data = folder.toRealPath().resolve("data");
    }

    @AfterEach
    void endAll() throws Exception {
        for (var each : launched) {
            each.process().destroy();
            each.exitCode();
        }
    }

    @Test
    void shouldRunTheStackRestartWhatIsKilledAndLeaveNothingBehind() throws Exception {
        var up = up(Map.of("WAVESPEED_BASE_URL", "http://127.0.0.1:9"), "--workers", "2");
        var first = ready(up);
        assertThat(first.keySet()).containsExactlyInAnyOrder("postgres", "kafka", "api", "worker-1", "worker-2");

        for (var name : List.of("worker-2", "kafka", "postgres")) {
            ProcessHandle.of(requireNonNull(first.get(name))).orElseThrow().destroyForcibly();
        }
        await().atMost(LIMIT).untilAsserted(() -> assertThat(processes())
                .doesNotContainEntry("worker-2", first.get("worker-2"))
                .doesNotContainEntry("kafka", first.get("kafka"))
                .doesNotContainEntry("postgres", first.get("postgres")));
        var second = processes();
        assertThat(second).containsEntry("api", first.get("api")).containsEntry("worker-1", first.get("worker-1"));
        assertThat(second.values()).allMatch(Pids::isAlive);

        up.process().destroy();

        assertThat(up.exitCode()).isEqualTo(SIGTERM_CODE);
        assertThat(second.values()).noneMatch(Pids::isAlive);
        assertThat(data.resolve("processes.json")).doesNotExist();
    }

    @Test
    void shouldStopWhatAKilledSupervisorLeftWhenStartedAgain() throws Exception {
        int port = Ports.free();
        var killed = up(NOTHING_EMBEDDED, "--port", Integer.toString(port));
        var orphans = ready(killed);
        killed.process().destroyForcibly();
        killed.exitCode();
        assertThat(orphans.values()).allMatch(Pids::isAlive);

        var next = up(NOTHING_EMBEDDED, "--port", Integer.toString(port));
        var successors = ready(next);

        assertThat(next.text()).startsWith("Stopped 2 processes that a killed wavequeue had left behind.");
        assertThat(orphans.values()).noneMatch(Pids::isAlive);
        assertThat(successors.keySet()).containsExactlyInAnyOrder("api", "worker-1");
    }

    @Test
    void shouldRefuseASecondSupervisorOfTheSameFolder() throws Exception {
        ready(up(NOTHING_EMBEDDED));
        var second = up(NOTHING_EMBEDDED);
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.text()).matches("Another wavequeue \\(process \\d+\\) runs on .*\\R");
    }

    @Test
    void shouldStartNothingWhenThePortIsBusy() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var refused = up(NOTHING_EMBEDDED, "--port", Integer.toString(other.getLocalPort()));
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.text()).startsWith("Port ").contains(" is busy").hasLineCount(1);
        }
        assertThat(data.resolve("logs")).isEmptyDirectory();
    }

    @Test
    void shouldShowTheLogAndStopAllWhenAProgramDiesAtStart() throws Exception {
        var environment = new HashMap<>(NOTHING_EMBEDDED);
        environment.put("WAVEQUEUE_JAVA_OPTS", "-XX:NoSuchOption");
        var failed = up(environment);
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.text())
                .contains("api ended with exit code 1 before it was ready.")
                .contains("NoSuchOption");
        assertThat(data.resolve("processes.json")).doesNotExist();
    }

    @Test
    void shouldSayWhatIsWrongWhenTheOptionsAre() throws Exception {
        var wrong = up(Map.of(), "--colour");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.text()).startsWith("Unknown option '--colour' of up").hasLineCount(1);
    }

    private Launched up(Map<String, String> environment, String... options) throws Exception {
        var command = new ArrayList<>(List.of(
                Java.program(),
                "-Dwavequeue.home=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "up",
                "--data",
                "data"));
        if (!List.of(options).contains("--port")) {
            command.addAll(List.of("--port", Integer.toString(Ports.free())));
        }
        command.addAll(List.of(options));
        var all = new HashMap<>(Map.of("PATH", System.getenv("PATH"), "HOME", System.getProperty("user.home")));
        all.putAll(environment);
        var up = Launched.run(folder, all, command.toArray(String[]::new));
        launched.add(up);
        return up;
    }

    private Map<String, Long> ready(Launched up) throws Exception {
        await().atMost(LIMIT).until(() -> !up.process().isAlive() || up.text().contains("Wavequeue is ready."));
        assertThat(up.text()).contains("Wavequeue is ready.");
        return processes();
    }

    private Map<String, Long> processes() throws Exception {
        var pids = new HashMap<String, Long>();
        assertThat(Files.exists(data.resolve("processes.json"))).isTrue();
        new ProcessesFile(data.resolve("processes.json")).read().forEach(entry -> pids.put(entry.name(), entry.pid()));
        return pids;
    }
}
