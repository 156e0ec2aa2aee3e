package io.wavequeue.cli.library;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.ApiRefusedException;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.client.Parallel;
import io.wavequeue.cli.client.Take;
import io.wavequeue.cli.file.AtomicFile;
import io.wavequeue.cli.file.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A library's named files in a folder of this machine: fetched, checked, under their names; what is there is left. */
public final class AudioFolder {

    private static final int AT_ONCE = 4;

    /** {@code libraries/<library>/}, below which the API has the named files. */
    private static final int FOLDERS_ABOVE = 2;

    private final LibraryApi api;
    private final Path folder;

    private final AtomicInteger fetched = new AtomicInteger();
    private final AtomicInteger there = new AtomicInteger();
    private final AtomicInteger nameless = new AtomicInteger();
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final List<String> trouble = Collections.synchronizedList(new ArrayList<>());

    /** The folder, which need not be there. */
    public AudioFolder(LibraryApi api, Path folder) {
        this.api = api;
        this.folder = folder.toAbsolutePath().normalize();
    }

    /**
     * What was done.
     *
     * @param there with the right content already
     * @param nameless takes without a name, which are left out
     * @param unfinished takes that are not archived
     * @param trouble files that could not be had, with the reason
     */
    public record Result(int fetched, long bytes, int there, int nameless, int unfinished, List<String> trouble) {}

    /** Fetches what is not there. */
    public Result fetch(Iterable<JsonNode> takes) throws InterruptedException {
        Parallel.each(AT_ONCE, takes, take -> fetch(Take.of(take)));
        return new Result(
                fetched.get(), bytes.get(), there.get(), nameless.get(), unfinished.get(), List.copyOf(trouble));
    }

    private void fetch(Take take) throws InterruptedException {
        List<JsonNode> outputs = take.outputs();
        if (outputs.stream().allMatch(output -> Json.text(output, "sha256") == null)) {
            unfinished.incrementAndGet();
            return;
        }
        if (take.files().isEmpty()) {
            nameless.incrementAndGet();
            return;
        }
        for (int n = 0; n < Math.min(outputs.size(), take.files().size()); n++) {
            String sha256 = Json.text(outputs.get(n), "sha256");
            String job = take.text("job_id");
            if (sha256 != null && job != null) {
                fetch(job, n, take.files().get(n), sha256);
            }
        }
    }

    private void fetch(String job, int number, String name, String sha256) throws InterruptedException {
        Path file = inside(name);
        if (file == null) {
            trouble.add(name + " would lie outside of " + folder);
            return;
        }
        try {
            if (Files.isRegularFile(file) && sha256.equals(Sha256.of(file))) {
                there.incrementAndGet();
                return;
            }
            api.output(job, number, body -> take(body, file, sha256));
            fetched.incrementAndGet();
            bytes.addAndGet(Files.size(file));
        } catch (ApiRefusedException e) {
            String detail = e.problem().detail();
            trouble.add(name + ": " + (detail == null ? e.problem().title() : detail));
        } catch (OtherContentException e) {
            trouble.add(name + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /** Whole, and not what was archived. */
    private static final class OtherContentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OtherContentException(String message) {
            super(message);
        }
    }

    private static void take(InputStream body, Path file, String sha256) throws IOException {
        AtomicFile.write(file, out -> {
            DigestOutputStream digest = new DigestOutputStream(out, Sha256.digest());
            body.transferTo(digest);
            digest.flush();
            String found = Sha256.hex(digest.getMessageDigest());
            if (!found.equals(sha256)) {
                throw new OtherContentException("what came has the SHA-256 " + found + " and not " + sha256);
            }
        });
    }

    private @Nullable Path inside(String name) {
        try {
            Path path = Path.of(name);
            Path own = path.getNameCount() > FOLDERS_ABOVE ? path.subpath(FOLDERS_ABOVE, path.getNameCount()) : path;
            Path file = folder.resolve(own).normalize();
            return file.startsWith(folder) && !file.equals(folder) ? file : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }
}
