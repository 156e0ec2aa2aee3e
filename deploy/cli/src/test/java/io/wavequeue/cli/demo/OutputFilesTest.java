package io.wavequeue.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFilesTest {

    @TempDir
    private Path folder;

    private OutputFiles files;

    @BeforeEach
    void start() {
        files = new OutputFiles(Path.of("data"), folder);
    }

    @Test
    void shouldLookInOutputsWhenNameIsRelative() {
        assertThat(files.locate("ab/x.wav")).isEqualTo(folder.resolve("data/outputs/ab/x.wav"));
        assertThat(files.shown("ab/x.wav")).isEqualTo("data/outputs/ab/x.wav");
    }

    @Test
    void shouldLookInDataFolderWhenNameCarriesOutputsItself() throws IOException {
        Files.createDirectories(folder.resolve("data/outputs"));
        Files.writeString(folder.resolve("data/outputs/x.wav"), "x");
        assertThat(files.locate("outputs/x.wav")).isEqualTo(folder.resolve("data/outputs/x.wav"));
    }

    @Test
    void shouldShowWholePathWhenFileLiesElsewhere() {
        Path elsewhere = folder.resolveSibling("elsewhere/x.wav").toAbsolutePath();
        assertThat(files.shown(elsewhere.toString())).isEqualTo(elsewhere.toString());
        assertThat(files.shown(folder.resolve("data/outputs/y.wav").toString())).isEqualTo("data/outputs/y.wav");
    }
}
