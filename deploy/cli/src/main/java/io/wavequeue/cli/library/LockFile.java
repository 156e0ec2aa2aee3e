package io.wavequeue.cli.library;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.client.Take;
import io.wavequeue.cli.file.AtomicFile;
import io.wavequeue.cli.manifest.Fault;
import io.wavequeue.cli.manifest.FaultsException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a library's takes are, as JSON with a take on each line, sorted by cue and number. The
 * same library gives the same bytes, so it can be committed and compared.
 */
public final class LockFile {

    private static final String VERSION = "wavequeue_lock";
    private static final int KNOWN = 1;

    private final Path path;

    /** The lock file at this path, which need not be there. */
    public LockFile(Path path) {
        this.path = path;
    }

    /** Where it lies. */
    public Path path() {
        return path;
    }

    /** Whether it is there. */
    public boolean exists() {
        return Files.isRegularFile(path);
    }

    /** The library that it is of; null when it is none, or no lock file. */
    public @Nullable String library() {
        try (BufferedReader lines = Files.newBufferedReader(path)) {
            String head = lines.readLine();
            return head == null ? null : Json.text(Json.parse(head + "]}"), "library");
        } catch (IOException none) {
            return null;
        }
    }

    /** A line of the file, as long as all of them are sorted. */
    private record Entry(String reference, long take, String line) {}

    /** Writes it anew; returns how many takes it has. */
    public int write(String library, Iterable<JsonNode> takes) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode json : takes) {
            Take take = Take.of(json);
            entries.add(new Entry(take.reference(), take.number(), entry(take).toString()));
        }
        // The API sorts as its database does, which is not the same everywhere.
        entries.sort(Comparator.comparing(Entry::reference).thenComparingLong(Entry::take));
        try {
            AtomicFile.write(path, out -> {
                out.write(bytes(
                        "{\"" + VERSION + "\":" + KNOWN + ",\"library\":" + Json.quoted(library) + ",\"takes\":["));
                byte[] separator = bytes("\n");
                for (Entry entry : entries) {
                    out.write(separator);
                    out.write(bytes(entry.line()));
                    separator = bytes(",\n");
                }
                out.write(bytes("\n]}\n"));
            });
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return entries.size();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Nothing in it changes by itself once the take is made, but for a late correction of its price. */
    private static ObjectNode entry(Take take) {
        JsonNode output =
                take.outputs().isEmpty() ? Json.object() : take.outputs().getFirst();
        String named = take.files().isEmpty()
                ? Json.text(output, "file")
                : take.files().getFirst();
        ObjectNode entry = Json.object()
                .put("reference", take.reference())
                .put("take", take.number())
                .put("key", take.text("key"))
                .put("prediction", take.text("prediction_id"));
        entry.set(
                "seed",
                take.json().path("seed").isMissingNode() ? null : take.json().get("seed"));
        return entry.put("file", named)
                .put("sha256", Json.text(output, "sha256"))
                .put("bytes", Json.whole(output, "bytes"))
                .put("price_usd", take.chargedUsd())
                .put("audio", Json.text(output.path("audio"), "verdict"))
                .put("decision", take.text("decision"));
    }

    /** The keys of what was paid for and came to something. */
    Set<String> paidKeys() {
        Set<String> keys = new HashSet<>();
        long number = 0;
        try (BufferedReader lines = Files.newBufferedReader(path)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (number == 1) {
                    checkHead(line);
                } else if (line.startsWith("{")) {
                    JsonNode take = Json.parse(line.endsWith(",") ? line.substring(0, line.length() - 1) : line);
                    String key = Json.text(take, "key");
                    if (key != null && Json.text(take, "sha256") != null) {
                        keys.add(key);
                    }
                } else if (!line.equals("]}")) {
                    throw unreadable(number, "is no take");
                }
            }
        } catch (IOException e) {
            throw unreadable(number, "is no JSON");
        }
        return keys;
    }

    private void checkHead(String line) throws IOException {
        Long version = Json.whole(Json.parse(line + "]}"), VERSION);
        if (version == null || version != KNOWN) {
            throw unreadable(1, "is not the head of a lock file that this program knows");
        }
    }

    private FaultsException unreadable(long line, String reason) {
        return new FaultsException(
                List.of(new Fault(
                        String.valueOf(path.getFileName()),
                        line,
                        "",
                        reason + "; restore the file, or remove it: it is written anew from the API")),
                1);
    }
}
