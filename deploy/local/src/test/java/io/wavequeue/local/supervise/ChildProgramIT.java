package io.wavequeue.local.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildProgramIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Readiness SAYS = new Readiness.Says("fake ready");

    @TempDir
    private Path folder;

    private final List<ChildProgram> made = new ArrayList<>();

    @AfterEach
    void stopAll() {
        made.forEach(ChildProgram::stop);
    }

    @Test
    void shouldShowTheEndOfTheLogWhenTheProgramEndsAtOnce() throws IOException {
        assertThatExceptionOfType(PartFailedException.class)
                .isThrownBy(program("api", "die", LONG)::launch)
                .withMessageStartingWith("api ended with exit code 3 before it was ready.")
                .withMessageEndingWith("\n  oh dear");
    }

    @Test
    void shouldLeaveNothingRunningWhenTheProgramIsNotReadyInTime() throws IOException {
        var program = program("api", "silent", Duration.ofSeconds(1));
        assertThatExceptionOfType(PartFailedException.class)
                .isThrownBy(program::launch)
                .withMessageStartingWith("api was not ready within 1 s: it has not said \"fake ready\".");
        await().atMost(LONG).until(() -> !program.isRunning());
    }

    @Test
    void shouldSayWhatTheProgramLacks() throws IOException {
        try (var health = new FakeHealth(503)) {
            assertThatExceptionOfType(PartFailedException.class)
                    .isThrownBy(program("api", "silent", Duration.ofSeconds(1), health.readiness())::launch)
                    .withMessageStartingWith(
                            "api was not ready within 1 s: %s answers 503 {\"status\": 503}.".formatted(health.uri()));
        }
    }

    @Test
    void shouldTakeTheFirstYesOfABusyProgram() throws Exception {
        try (var health = new FakeHealth(503, 200, 503)) {
            var program = program("api", "silent", LONG, health.readiness());

            program.launch();

            assertThat(program.isRunning()).isTrue();
        }
    }

    @Test
    void shouldNotHearTheInterruptOfTheTerminalButEndWhenStopped() throws Exception {
        var program = program("api", "speak", LONG);
        long pid = program.launch();
        signal("INT", pid);
        signal("HUP", pid);
        // A signal that counts ends the JVM; one that is ignored leaves it able to answer the next question.
        assertThat(new ProcessBuilder(jcmd(), Long.toString(pid), "VM.version")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor())
                .isZero();
        assertThat(program.isRunning()).isTrue();
        program.stop();
        assertThat(program.isRunning()).isFalse();
        assertThatExceptionOfType(PartFailedException.class).isThrownBy(program::launch);
    }

    @Test
    void shouldRestartAKilledProgramAndRewriteTheFile() throws Exception {
        var file = new ProcessesFile(folder.resolve("processes.json"));
        var said = Collections.synchronizedList(new ArrayList<String>());
        var stages = List.<List<Part>>of(
                List.of(program("api", "speak", LONG)), List.of(program("worker-1", "speak", LONG)));
        try (var supervisor = new Supervisor(stages, file, said::add, Waiting.real())) {
            supervisor.start();
            var before = file.read();
            assertThat(before).extracting(ProcessesFile.Entry::name).containsExactly("api", "worker-1");

            ProcessHandle.of(before.getLast().pid()).orElseThrow().destroyForcibly();

            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(file.read().getLast()).isNotEqualTo(before.getLast()));
            assertThat(file.read().getFirst()).isEqualTo(before.getFirst());
            assertThat(Pids.isAlive(file.read().getLast().pid())).isTrue();
            assertThat(said).contains("worker-1 ended; starting it again.");
        }
        assertThat(file.path()).doesNotExist();
    }

    @Test
    void shouldFindAndStopWhatCarriesTheMarkOnly() throws Exception {
        var ours = new ProcessMark(folder.toRealPath());
        var marked = program("api", "speak", LONG);
        var stranger = program("stranger", "speak", LONG, SAYS, new ProcessMark(Path.of("/elsewhere")));
        long pid = marked.launch();
        stranger.launch();

        assertThat(ours.stopRunning(Waiting.real())).isEqualTo(1);

        // By the system's word: Process.isAlive() says yes until this JVM, its parent here, has reaped it.
        assertThat(Pids.isAlive(pid)).isFalse();
        assertThat(stranger.isRunning()).isTrue();
    }

    private ChildProgram program(String name, String behaviour, Duration startTimeout) throws IOException {
        return program(name, behaviour, startTimeout, SAYS, new ProcessMark(folder.toRealPath()));
    }

    private ChildProgram program(String name, String behaviour, Duration startTimeout, Readiness readiness)
            throws IOException {
        return program(name, behaviour, startTimeout, readiness, new ProcessMark(folder.toRealPath()));
    }

    private ChildProgram program(
            String name, String behaviour, Duration startTimeout, Readiness readiness, ProcessMark mark) {
        var spec = spec(name, behaviour, startTimeout, readiness, mark);
        var program = new ChildProgram(spec, new LogFile(folder.resolve(name + ".log")), Waiting.real());
        made.add(program);
        return program;
    }

    private static ProgramSpec spec(
            String name, String behaviour, Duration startTimeout, Readiness readiness, ProcessMark mark) {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                mark.option(name),
                "-Xmx16m",
                "-cp",
                System.getProperty("java.class.path"),
                FakeProgram.class.getName(),
                behaviour);
        return new ProgramSpec(name, command, Map.of(), OptionalInt.empty(), readiness, startTimeout, LONG);
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid)
                        .start()
                        .waitFor())
                .isZero();
    }

    private static String jcmd() {
        return Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    }
}
