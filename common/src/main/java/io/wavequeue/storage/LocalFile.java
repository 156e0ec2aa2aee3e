package io.wavequeue.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of the storage as programs of this machine can read it, until it is closed.
 *
 * @param path absolute
 */
public record LocalFile(Path path, boolean isTemporary) implements AutoCloseable {
    @Override
    public void close() throws StorageException {
        if (isTemporary) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException failure) {
                throw new StorageException("a temporary file cannot be removed: " + failure.getMessage(), failure);
            }
        }
    }
}
