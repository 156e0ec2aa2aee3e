package io.wavequeue.cli.clip;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.file.AtomicFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers files' hashes between calls, in a file of the user's cache. It saves reading and nothing depends on it: what
 * cannot be read or written is left.
 */
final class KnownHashes {

    /** A file that changed so lately may change again without its time telling. */
    private static final Duration UNSURE = Duration.ofSeconds(2);

    private final Path file;
    private final InstantSource clock;
    private final Map<String, Known> byPath = new TreeMap<>();
    private boolean changed;

    private record Known(long bytes, Instant changedAt, String sha256) {}

    KnownHashes(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    void load() {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode known = Json.parse(line);
                Long bytes = Json.whole(known, "bytes");
                byPath.put(
                        known.path("path").asText(),
                        new Known(
                                bytes == null ? -1 : bytes,
                                Instant.parse(known.path("changed_at").asText()),
                                known.path("sha256").asText()));
            }
        } catch (IOException | RuntimeException damaged) {
            byPath.clear();
        }
    }

    /** Null when the file has to be read. */
    @Nullable
    String of(LocalClip clip) {
        Known known = byPath.get(clip.path().toString());
        boolean same = known != null
                && known.bytes() == clip.bytes()
                && known.changedAt().equals(clip.changedAt());
        return same && known != null ? known.sha256() : null;
    }

    synchronized void add(LocalClip clip, String sha256) {
        if (clip.changedAt().isBefore(clock.instant().minus(UNSURE))) {
            byPath.put(clip.path().toString(), new Known(clip.bytes(), clip.changedAt(), sha256));
            changed = true;
        }
    }

    void save() {
        if (!changed) {
            return;
        }
        try {
            AtomicFile.write(file, out -> {
                for (var known : byPath.entrySet()) {
                    String line = Json.object()
                            .put("path", known.getKey())
                            .put("bytes", known.getValue().bytes())
                            .put("changed_at", known.getValue().changedAt().toString())
                            .put("sha256", known.getValue().sha256())
                            .toString();
                    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                }
            });
        } catch (IOException | UncheckedIOException notKept) {
            // the files are read again next time
        }
    }
}
