package io.wavequeue.worker.retention;

import io.wavequeue.store.RetentionStore.Folder;
import io.wavequeue.store.RetentionStore.OldFile;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Removes files below the data folder. */
final class OldFiles {
    /** A clip is written before its row is: one so young may be about to be named again. */
    private static final Duration MAY_BE_NAMED_AGAIN = Duration.ofHours(1);

    private final Path data;
    private final InstantSource clock;

    OldFiles(Path data, InstantSource clock) {
        this.data = data.toAbsolutePath().normalize();
        this.clock = clock;
    }

    /** It is not there any more when this returns, nor is what was written beside it. One that is not there is no trouble. */
    void remove(OldFile old) throws IOException {
        switch (old.folder()) {
            case OUTPUTS -> removeOutput(old.file());
            case MEDIA -> removeClip(old.file());
        }
    }

    private void removeOutput(String name) throws IOException {
        Path file = inside(Folder.OUTPUTS, name);
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".json"));
        removeIfEmpty(file.getParent());
    }

    private void removeClip(String sha256) throws IOException {
        Path file = inside(Folder.MEDIA, sha256);
        try {
            if (Files.getLastModifiedTime(file)
                    .toInstant()
                    .isAfter(clock.instant().minus(MAY_BE_NAMED_AGAIN))) {
                throw new IOException("it was written again less than an hour ago");
            }
        } catch (NoSuchFileException gone) {
            return;
        }
        Files.deleteIfExists(file);
    }

    /** A day of which no file is left. */
    private static void removeIfEmpty(@Nullable Path folder) throws IOException {
        try {
            if (folder != null) {
                Files.deleteIfExists(folder);
            }
        } catch (DirectoryNotEmptyException used) {
            // others of that day are kept
        }
    }

    /** The name comes from a row; whatever it is, nothing outside its folder is removed. */
    private Path inside(Folder folder, String name) throws IOException {
        Path root = data.resolve(folder == Folder.OUTPUTS ? "outputs" : "media");
        try {
            Path file = root.resolve(name).normalize();
            if (file.startsWith(root) && !file.equals(root)) {
                return file;
            }
        } catch (InvalidPathException impossible) {
            throw new IOException("\"%s\" is no name of a file".formatted(name), impossible);
        }
        throw new IOException("\"%s\" leads out of its folder".formatted(name));
    }
}
