package io.wavequeue.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code wavequeue train}. The stacks of the tests that come after it start from what it leaves, in half the time. */
final class WarmStartIT {
    private static final int MOST_SECONDS = 240;

    @TempDir
    Path folder;

    @Test
    void shouldLeaveCachesThatTheProgramsCanUse() throws Exception {
        Path home = RunningStack.home();

        run(List.of(home.resolve("wavequeue").toString(), "train"));

        for (String program : List.of("api", "worker")) {
            Path app = home.resolve(program).resolve("target/quarkus-app");
            // It ends with an error when the cache is not one of these jars and this JVM.
            run(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED", // as they are run
                    "-XX:AOTMode=on",
                    "-XX:AOTCache=" + app.resolve("app.aot"),
                    "-cp",
                    app.resolve("quarkus-run.jar").toString(),
                    "-version"));
        }
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("WAVE"));
        builder.environment().put("WAVEQUEUE_NO_BUILD", "1"); // what is tested is built
        builder.environment().put("JDK_JAVA_OPTIONS", RunningStack.QUICK_JAVA);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        } finally {
            process.destroy();
        }
    }
}
