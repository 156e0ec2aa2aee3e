package io.wavequeue.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AheadOfTimeTest {
    private @TempDir Path folder;
    private Path jar;
    private Path cache;

    @BeforeEach
    void setUp() {
        jar = folder.resolve("quarkus-run.jar");
        cache = folder.resolve("app.aot");
    }

    @Test
    void shouldRunWithoutACacheWhereThereIsNone() {
        assertThat(AheadOfTime.of(Map.of()).run(jar)).containsExactly("-jar", jar.toString());
    }

    @Test
    void shouldRunWithTheCacheThatLiesBesideTheProgram() throws IOException {
        Files.createFile(cache);

        assertThat(AheadOfTime.of(Map.of()).run(jar)).containsExactly("-XX:AOTCache=" + cache, "-jar", jar.toString());
    }

    @Test
    void shouldWriteTheCacheInTraining() throws IOException {
        Files.createFile(cache);
        AheadOfTime training = AheadOfTime.of(Map.of("WAVEQUEUE_TRAINING", "yes"));

        assertThat(training.run(jar)).containsExactly("-XX:AOTCacheOutput=" + cache + ".new", "-jar", jar.toString());
        assertThat(training.endsLater()).isGreaterThan(Duration.ZERO);
    }
}
