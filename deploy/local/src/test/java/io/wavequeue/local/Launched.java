package io.wavequeue.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program under test, with what it wrote. */
record Launched(Process process, Path output) {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /**
     * Starts it.
     *
     * @param environment the whole of it
     */
    static Launched run(Path folder, Map<String, String> environment, String... command) throws IOException {
        var output = Files.createTempFile(folder, "output", ".txt");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new Launched(builder.start(), output);
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it did not end within " + LIMIT);
        }
        return process.exitValue();
    }

    String text() throws IOException {
        return Files.readString(output);
    }
}
