package io.wavequeue.local.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessesFileTest {

    @TempDir
    private Path folder;

    private ProcessesFile file = new ProcessesFile(Path.of("unset"));

    @BeforeEach
    void nameTheFile() {
        file = new ProcessesFile(folder.resolve("processes.json"));
    }

    @Test
    void shouldLeaveOutThePortWhenThereIsNone() throws IOException {
        file.write(List.of(new ProcessesFile.Entry("api", 7, 8080), new ProcessesFile.Entry("other", 8, null)));
        var json = new ObjectMapper();
        assertThat(json.readTree(file.path().toFile()))
                .isEqualTo(
                        json.readTree("[{\"name\":\"api\",\"pid\":7,\"port\":8080},{\"name\":\"other\",\"pid\":8}]"));
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file.path()));
    }

    @Test
    void shouldNeverShowHalfAFileWhenItIsRewritten() throws IOException, InterruptedException {
        var many = IntStream.range(0, 2_000)
                .mapToObj(i -> new ProcessesFile.Entry("worker-" + i, i, i))
                .toList();
        file.write(many);
        var done = new CountDownLatch(1);
        var writer = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < 50; i++) {
                    file.write(many);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } finally {
                done.countDown();
            }
        });
        while (done.getCount() > 0) {
            assertThat(file.read()).hasSize(many.size());
        }
        writer.join();
    }

    @Test
    void shouldBeGoneWhenDeleted() throws IOException {
        file.write(List.of());
        file.delete();
        file.delete();
        assertThat(file.path()).doesNotExist();
    }
}
