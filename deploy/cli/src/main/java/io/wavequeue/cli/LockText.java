package io.wavequeue.cli;

import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.library.LockFile;
import io.wavequeue.cli.library.Settling;
import io.wavequeue.cli.screen.Counted;
import io.wavequeue.cli.watch.JsonView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes lock files, and says so. */
final class LockText {

    private LockText() {}

    static void write(Session session, LibraryApi api, LockFile lock, String library, boolean json) {
        int takes = lock.write(library, api.takes(library));
        String name =
                session.workingFolder().relativize(lock.path().toAbsolutePath()).toString();
        if (json) {
            JsonView.event(
                    session.out(),
                    "lock",
                    "lock",
                    Json.object().put("file", name).put("takes", takes));
        } else {
            session.out().println("wrote " + name + ": " + Counted.of(takes, "take"));
        }
    }

    /** Waits for what belongs in a lock file and comes a moment after the batches are done. */
    static void settle(Session session, LibraryApi api, String library, boolean json) throws InterruptedException {
        int missing = Settling.await(api, library, session.pace());
        if (missing > 0 && !json) {
            session.out()
                    .println(Counted.of(missing, "take") + " not named or not checked yet: `wavequeue watch " + library
                            + "` writes the lock file again");
        }
    }

    /** The lock file that is named, or those in the working folder that are of this library. */
    static void refresh(Session session, LibraryApi api, @Nullable String named, String library, boolean json) {
        Path folder = session.workingFolder();
        if (named != null) {
            write(session, api, new LockFile(folder.resolve(named)), library, json);
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.lock")) {
            for (Path file : files) {
                LockFile lock = new LockFile(file);
                if (lock.exists() && library.equals(lock.library())) {
                    write(session, api, lock, library, json);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be listed", e);
        }
    }
}
