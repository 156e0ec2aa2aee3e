package io.wavequeue.local.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogFileTest {

    @TempDir
    private Path folder;

    @Test
    void shouldKeepThreeOldOnesWhenRotatedAgainAndAgain() throws IOException {
        var log = new LogFile(folder.resolve("logs/api.log"));
        for (int i = 1; i <= 5; i++) {
            log.rotate(3);
            Files.writeString(log.path(), "log " + i);
        }
        assertThat(log.path()).hasContent("log 5");
        assertThat(log.path().resolveSibling("api.log.1")).hasContent("log 4");
        assertThat(log.path().resolveSibling("api.log.3")).hasContent("log 2");
        assertThat(log.path().resolveSibling("api.log.4")).doesNotExist();
    }

    @Test
    void shouldGoOnWithTheSameFileWhenItIsSmall() throws IOException {
        var log = new LogFile(folder.resolve("api.log"));
        Files.writeString(log.path(), "small");
        log.rotate(5);
        assertThat(log.path()).hasContent("small");
    }

    @Test
    void shouldShowOnlyTheLastLinesSinceTheStart() throws IOException {
        var log = new LogFile(folder.resolve("api.log"));
        Files.writeString(log.path(), "old\n");
        long start = log.size();
        Files.writeString(log.path(), "old\na\nb\nc\n");
        assertThat(log.tail(start, 2)).containsExactly("b", "c");
        assertThat(log.tail(start, 9)).containsExactly("a", "b", "c");
        assertThat(log.contains(start, "old")).isFalse();
        assertThat(log.contains(start, "b")).isTrue();
    }
}
