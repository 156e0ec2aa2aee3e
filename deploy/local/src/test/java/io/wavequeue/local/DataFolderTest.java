package io.wavequeue.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {

    @TempDir
    private Path folder;

    @Test
    void shouldMakeTheFolderWhenItIsMissing() throws IOException, CannotStartException {
        try (var data = DataFolder.open(folder.resolve("a/b"))) {
            assertThat(data.path().resolve("logs")).isDirectory();
        }
    }

    @Test
    void shouldRefuseASecondHolderUntilTheFirstIsGone() throws IOException, CannotStartException {
        try (var first = DataFolder.open(folder)) {
            assertThatExceptionOfType(CannotStartException.class)
                    .isThrownBy(() -> DataFolder.open(folder))
                    .withMessage(
                            "Another wavequeue (process %d) runs on %s: stop it, or name another folder with --data."
                                    .formatted(ProcessHandle.current().pid(), first.path()));
        }
        DataFolder.open(folder).close();
    }

    @Test
    void shouldSayThatTheFolderCannotBeWrittenWhenAFileIsInItsPlace() throws IOException {
        var file = Files.createFile(folder.resolve("file"));
        assertThatExceptionOfType(CannotStartException.class)
                .isThrownBy(() -> DataFolder.open(file.resolve("data")))
                .withMessageMatching(
                        "The data folder .*/file/data cannot be written \\(.*\\): name another with --data\\.");
    }
}
