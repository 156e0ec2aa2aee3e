package io.wavequeue.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MainIT {

    @Test
    void shouldSayWhenItIsReadyAndEndOnSigterm() throws IOException, InterruptedException {
        Process process = run("--port", "0", "--latency", "demo");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            assertThat(line).matches("simulator ready on http://127\\.0\\.0\\.1:\\d+");
            String port = line.substring(line.lastIndexOf(':') + 1);

            Process second = run("--port", port);
            assertThat(errors(second)).anyMatch(error -> error.startsWith("simulator: cannot listen on 127.0.0.1:"));
            assertThat(second.waitFor()).isEqualTo(2);

            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldRefuseABadOptionInOneSentence() throws IOException, InterruptedException {
        Process process = run("--submits-per-minute", "many");
        assertThat(errors(process))
                .containsExactly("simulator: submits_per_minute must be a whole number from 0, not \"many\"");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    private static Process run(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.wavequeue.simulator.Main"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    private static List<String> errors(Process process) throws IOException {
        try (BufferedReader errors = process.errorReader(StandardCharsets.UTF_8)) {
            return errors.lines().toList();
        }
    }
}
