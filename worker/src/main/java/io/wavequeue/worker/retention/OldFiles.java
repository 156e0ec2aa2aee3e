package io.wavequeue.worker.retention;

import io.wavequeue.storage.OutputStorage;
import io.wavequeue.store.RetentionStore.OldFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Removes archived files from where outputs lie, and clips from their folder. */
final class OldFiles {
    /** A clip is written before its row is: one so young may be about to be named again. */
    private static final Duration MAY_BE_NAMED_AGAIN = Duration.ofHours(1);

    private final OutputStorage outputs;
    private final Path media;
    private final InstantSource clock;

    OldFiles(OutputStorage outputs, Path media, InstantSource clock) {
        this.outputs = outputs;
        this.media = media.toAbsolutePath().normalize();
        this.clock = clock;
    }

    /** It is not there any more when this returns, nor is what was written beside it. One that is not there is no trouble. */
    void remove(OldFile old) throws IOException {
        switch (old.folder()) {
            case OUTPUTS -> {
                outputs.delete(old.file());
                outputs.delete(old.file() + ".json");
            }
            case MEDIA -> removeClip(old.file());
        }
    }

    private void removeClip(String sha256) throws IOException {
        Path file = inside(sha256);
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

    /** The name comes from a row; whatever it is, nothing outside the folder is removed. */
    private Path inside(String name) throws IOException {
        try {
            Path file = media.resolve(name).normalize();
            if (media.equals(file.getParent())) {
                return file;
            }
        } catch (InvalidPathException impossible) {
            throw new IOException("\"%s\" is no name of a file".formatted(name), impossible);
        }
        throw new IOException("\"%s\" leads out of its folder".formatted(name));
    }
}
