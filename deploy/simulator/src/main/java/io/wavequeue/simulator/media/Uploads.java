package io.wavequeue.simulator.media;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.audio.SourceLength;
import io.wavequeue.simulator.journal.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The uploads. {@link #store} and {@link #content} may block and may run on any thread; the rest belongs to the event loop.
 */
public final class Uploads {
    private static final long KEPT_MICROS = 7L * 24 * 3_600 * 1_000_000;

    private final Map<String, Upload> tickets = new ConcurrentHashMap<>();
    private final Map<String, byte[]> inMemory = new ConcurrentHashMap<>();
    private final Map<String, Calls> calls = new ConcurrentHashMap<>();
    private final @Nullable Path folder;
    private Journal journal = Journal.inMemory();

    private static final class Calls {
        private int puts;
        private int gets;
    }

    /** @param folder where files go; null keeps them in memory */
    public Uploads(@Nullable Path folder) {
        this.folder = folder;
    }

    /** Takes in one event of a former run. */
    public void replay(JsonNode event) {
        if (event.path("event").asText().equals("upload")) {
            Upload upload = new Upload(
                    event.path("token").asText(),
                    event.path("filename").asText(),
                    event.path("size").asLong(),
                    event.path("content_type").asText(),
                    event.path("at").asLong(),
                    event.path("arrived").asBoolean(),
                    event.hasNonNull("seconds") ? event.get("seconds").decimalValue() : null);
            tickets.put(upload.token(), upload);
        }
    }

    public void keepIn(Journal journal) {
        this.journal = journal;
    }

    public Upload open(String filename, long size, String contentType, long now) {
        String token = UUID.randomUUID().toString().replace("-", "");
        Upload upload = new Upload(token, filename, size, contentType, now, false, null);
        enter(upload);
        return upload;
    }

    /** One that is too old is forgotten, with its file. */
    public @Nullable Upload find(String token, long now) {
        Upload upload = tickets.get(token);
        if (upload == null || upload.createdAt() >= now - KEPT_MICROS) {
            return upload;
        }
        forget(token);
        return null;
    }

    private void forget(String token) {
        tickets.remove(token);
        calls.remove(token);
        inMemory.remove(token);
        if (folder != null) {
            try {
                Files.deleteIfExists(folder.resolve(token));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot delete an upload", e);
            }
        }
    }

    /** Counts a PUT of this file and says how many came before. */
    public int countPut(Upload upload) {
        return calls(upload).puts++;
    }

    /** Counts a GET of this file and says how many came before. */
    public int countGet(Upload upload) {
        return calls(upload).gets++;
    }

    private Calls calls(Upload upload) {
        return calls.computeIfAbsent(upload.token(), token -> new Calls());
    }

    /** Keeps the bytes and says how long the clip is. The upload counts as arrived after {@link #arrived}. */
    public @Nullable BigDecimal store(Upload upload, byte[] bytes) throws IOException {
        if (folder == null) {
            inMemory.put(upload.token(), bytes);
        } else {
            Files.createDirectories(folder);
            Path part = folder.resolve(upload.token() + ".part");
            Files.write(part, bytes);
            Files.move(part, folder.resolve(upload.token()), StandardCopyOption.ATOMIC_MOVE);
        }
        return SourceLength.seconds(bytes);
    }

    /** Does nothing about one that was forgotten meanwhile, except for its bytes. */
    public void arrived(Upload upload, @Nullable BigDecimal seconds) {
        if (tickets.containsKey(upload.token())) {
            enter(upload.arrived(seconds));
        } else {
            forget(upload.token());
        }
    }

    public byte[] content(Upload upload) throws IOException {
        byte[] held = inMemory.get(upload.token());
        if (held != null || folder == null) {
            return held == null ? new byte[0] : held;
        }
        return Files.readAllBytes(folder.resolve(upload.token()));
    }

    /** Forgets all, with their files. */
    public void clear() {
        List.copyOf(tickets.keySet()).forEach(this::forget);
    }

    private void enter(Upload upload) {
        tickets.put(upload.token(), upload);
        journal.append(json -> {
            json.writeStringField("event", "upload");
            json.writeStringField("token", upload.token());
            json.writeStringField("filename", upload.filename());
            json.writeNumberField("size", upload.size());
            json.writeStringField("content_type", upload.contentType());
            json.writeNumberField("at", upload.createdAt());
            json.writeBooleanField("arrived", upload.arrived());
            BigDecimal seconds = upload.seconds();
            if (seconds != null) {
                json.writeNumberField("seconds", seconds);
            }
        });
    }
}
