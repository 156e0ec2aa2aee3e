package io.wavequeue.local.supervise;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code processes.json}: who runs, for scripts. It is replaced as a whole, so a reader never sees half of it. */
public record ProcessesFile(Path path) {
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * One running process.
     *
     * @param port absent where it serves none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Entry(String name, long pid, @Nullable Integer port) {}

    public void write(List<Entry> entries) throws IOException {
        var draft = path.resolveSibling(path.getFileName() + ".new");
        Files.writeString(draft, JSON.writeValueAsString(entries) + "\n");
        Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    }

    public List<Entry> read() throws IOException {
        return JSON.readValue(Files.readString(path), new TypeReference<List<Entry>>() {});
    }

    public void delete() throws IOException {
        Files.deleteIfExists(path);
    }
}
