package io.wavequeue.local;

import io.wavequeue.local.supervise.Pids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** {@code postmaster.pid}, in which a running PostgreSQL names itself, and which a killed one leaves behind. */
record PostmasterFile(Path data) {

    /** The process id that the file names. */
    OptionalLong pid() throws IOException {
        try {
            var first = Files.readString(path()).lines().findFirst().orElse("").strip();
            return first.matches("\\d+") ? OptionalLong.of(Long.parseLong(first)) : OptionalLong.empty();
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    /** Whether that process is a PostgreSQL on this very data, and not a stranger who was given the same id. */
    boolean isPostmaster(long pid) {
        return Pids.arguments(pid).contains(data.toString());
    }

    void delete() throws IOException {
        Files.deleteIfExists(path());
    }

    private Path path() {
        return data.resolve("postmaster.pid");
    }
}
