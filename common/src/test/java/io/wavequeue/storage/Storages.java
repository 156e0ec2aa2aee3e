package io.wavequeue.storage;

import java.nio.file.Path;

/** Storages for tests. */
public final class Storages {
    private Storages() {}

    public static OutputStorage folder(Path folder) {
        return new FolderStorage(folder);
    }
}
