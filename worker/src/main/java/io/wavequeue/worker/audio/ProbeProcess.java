package io.wavequeue.worker.audio;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The probe in a process of its own, one file at a time. It has a small heap, the lowest priority and no secrets, and is
 * ended when a file takes too long; the next file starts another. For one thread; another may close it.
 */
public final class ProbeProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SMALL =
            List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true");
    private static final List<String> LOW_PRIORITY = List.of("nice", "-n", "19");

    /** No key and no address goes to those who read files from elsewhere. */
    private static final Set<String> PASSED_ON = Set.of("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE");

    private static final Answer DIED = new Answer.NotMeasured(Reason.CHECK_FAILED);

    private final List<String> command;
    private final Duration patience;
    private volatile @Nullable Process process;

    /**
     * @param ffmpeg whether it may use ffmpeg where that is installed
     * @param patience how long one file may take
     */
    public ProbeProcess(boolean ffmpeg, Duration patience) {
        this.command = command(ffmpeg);
        this.patience = patience;
    }

    /** What came of a file. */
    public sealed interface Answer {
        /** It was measured. */
        record Measured(Measurement measurement) implements Answer {}

        /** It was not, and {@code reason} says why. */
        record NotMeasured(Reason reason) implements Answer {}
    }

    /**
     * Measures a file. When the process dies of it, another one tries once more.
     *
     * @throws IOException when no process can be started
     */
    public Answer measure(Path file) throws IOException {
        Answer first = tried(file);
        return first.equals(DIED) ? tried(file) : first;
    }

    private Answer tried(Path file) throws IOException {
        Process running = running();
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        CompletableFuture<Boolean> late = done.completeOnTimeout(true, patience.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(tooLate -> tooLate && end(running));
        Optional<String> line = ask(running, file);
        done.complete(false);
        if (line.isPresent() && !late.join()) {
            return answer(line.get());
        }
        end(running);
        return late.join() ? new Answer.NotMeasured(Reason.TOOK_TOO_LONG) : DIED;
    }

    private static Answer answer(String line) throws IOException {
        return line.isEmpty()
                ? new Answer.NotMeasured(Reason.FILE_UNREADABLE)
                : new Answer.Measured(JSON.readValue(line, Measurement.class));
    }

    /** Empty when the process has ended. */
    private static Optional<String> ask(Process running, Path file) {
        try {
            BufferedWriter files = running.outputWriter(StandardCharsets.UTF_8);
            files.write(file.toString());
            files.newLine();
            files.flush();
            BufferedReader answers = running.inputReader(StandardCharsets.UTF_8);
            return Optional.ofNullable(answers.readLine());
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    private Process running() throws IOException {
        Process before = process;
        if (before != null && before.isAlive()) {
            return before;
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.DISCARD);
        builder.environment().keySet().retainAll(PASSED_ON);
        Process started = builder.start();
        process = started;
        return started;
    }

    private static boolean end(Process running) {
        running.descendants().forEach(ProcessHandle::destroyForcibly);
        running.destroyForcibly();
        return true;
    }

    /** Ends the process; the next file starts another. */
    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            end(running);
            process = null;
        }
    }

    private static List<String> command(boolean ffmpeg) {
        List<String> command = new ArrayList<>(hasNice() ? LOW_PRIORITY : List.of());
        command.add(Path.of(property("java.home"), "bin", "java").toString());
        command.addAll(SMALL);
        command.addAll(List.of("-cp", property("java.class.path"), ProbeMain.class.getName()));
        if (ffmpeg) {
            command.add(ProbeMain.WITH_FFMPEG);
        }
        return List.copyOf(command);
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), name);
    }

    private static boolean hasNice() {
        String path = System.getenv("PATH");
        return path != null
                && List.of(path.split(File.pathSeparator)).stream()
                        .filter(folder -> !folder.isEmpty())
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, LOW_PRIORITY.getFirst())));
    }
}
