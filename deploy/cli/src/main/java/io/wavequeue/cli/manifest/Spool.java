package io.wavequeue.cli.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The copy of a manifest that is sent; gone when it is closed. */
public record Spool(Path file) implements AutoCloseable {

    static Spool create() {
        try {
            Path file = Files.createTempFile("wavequeue-", ".manifest");
            file.toFile().deleteOnExit(); // Ctrl-C closes nothing
            return new Spool(file);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary file can be made", e);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
