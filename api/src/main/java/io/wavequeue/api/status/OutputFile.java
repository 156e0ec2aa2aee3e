package io.wavequeue.api.status;

import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.store.view.StoredJob;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds archived files below the folder of outputs, and nowhere else. */
@ApplicationScoped
public class OutputFile {
    private final Path folder;

    OutputFile(WavequeueConfig config) {
        this.folder = config.dataDir().resolve("outputs");
    }

    /** The whole file of an archived output; a problem when it is not there as it was archived. */
    Path find(StoredJob.Output output) {
        Path file = inside(output.file());
        try {
            if (file != null && Files.isRegularFile(file)) {
                long bytes = Files.size(file);
                if (output.bytes() == null || output.bytes() == bytes) {
                    return file;
                }
                throw gone("has %,d bytes where %,d were archived".formatted(bytes, output.bytes()));
            }
        } catch (IOException e) {
            throw gone("cannot be read");
        }
        throw gone("is not in the folder of outputs any more");
    }

    private static ProblemException gone(String what) {
        return new ProblemException(ProblemKind.FILE_GONE, "the archived file " + what);
    }

    /** Null for what would lead outside, by dots or by links. */
    private @Nullable Path inside(@Nullable String name) {
        if (name == null) {
            return null;
        }
        try {
            Path root = folder.toRealPath();
            Path file = root.resolve(name).toRealPath();
            return file.startsWith(root) ? file : null;
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }
}
