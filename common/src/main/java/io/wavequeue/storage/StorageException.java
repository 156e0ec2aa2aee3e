package io.wavequeue.storage;

import java.io.IOException;

/** Our own storage did not do what it was asked; to be tried again. */
public final class StorageException extends IOException {
    public StorageException(String message) {
        super(message);
    }

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
