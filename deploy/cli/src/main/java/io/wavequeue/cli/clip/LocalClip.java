package io.wavequeue.cli.clip;

import io.wavequeue.cli.manifest.ClipUse;
import io.wavequeue.cli.manifest.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;

/** A clip that is there, as it was when it was looked at. */
record LocalClip(ClipUse use, Path path, long bytes, Instant changedAt) {

    /** As many as {@code POST /v1/media} takes. */
    private static final long MOST_BYTES = 50L * 1024 * 1024;

    /** Empty, and a fault, when it cannot be had. */
    static Optional<LocalClip> of(Path folder, ClipUse use, Faults faults) {
        try {
            Path path = folder.resolve(use.name()).normalize();
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                use.refuse(faults, "is no file");
            } else if (!Files.isReadable(path)) {
                use.refuse(faults, "cannot be read");
            } else if (found.size() == 0) {
                use.refuse(faults, "is empty");
            } else if (found.size() > MOST_BYTES) {
                use.refuse(faults, "has %,d bytes; a clip may have at most %,d".formatted(found.size(), MOST_BYTES));
            } else {
                Instant changedAt = found.lastModifiedTime().toInstant();
                return Optional.of(new LocalClip(use, path, found.size(), changedAt));
            }
        } catch (IOException | InvalidPathException e) {
            use.refuse(faults, "is neither a file in " + folder + " nor a URL nor a media: reference");
        }
        return Optional.empty();
    }
}
