package io.wavequeue.simulator.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One journal file, held by one process at a time. Without a file it forgets. Not thread-safe. */
public final class Journal implements AutoCloseable {
    private static final String FILE = "journal.jsonl";

    private final JsonFactory factory = new JsonFactory();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1_024);
    private final @Nullable FileChannel file;

    /** Writes the fields of one event; the object's braces are the journal's. */
    @FunctionalInterface
    public interface Event {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private Journal(@Nullable FileChannel file) {
        this.file = file;
    }

    public static Journal inMemory() {
        return new Journal(null);
    }

    /**
     * Opens the journal in this folder, which is made if need be, and hands over what is in it.
     *
     * @throws IOException with a sentence that can be shown, if the folder cannot be used
     */
    public static Journal open(Path folder, Consumer<JsonNode> reader) throws IOException {
        Files.createDirectories(folder);
        FileChannel file = FileChannel.open(
                folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean usable = false;
        try {
            if (!lock(file)) {
                throw new IOException("the folder " + folder + " is in use by another simulator");
            }
            long whole = read(folder.resolve(FILE), reader);
            file.truncate(whole);
            file.position(whole);
            usable = true;
            return new Journal(file);
        } finally {
            if (!usable) {
                file.close();
            }
        }
    }

    private static boolean lock(FileChannel file) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Reads all whole lines and says where the last of them ends. */
    private static long read(Path path, Consumer<JsonNode> reader) throws IOException {
        ObjectMapper mapper = new ObjectMapper(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxStringLength(Integer.MAX_VALUE)
                                .build())
                        .build())
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
        long end = 0;
        long lines = 0;
        ByteArrayOutputStream line = new ByteArrayOutputStream(1_024);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16)) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next != '\n') {
                    line.write(next);
                    continue;
                }
                lines++;
                end += line.size() + 1L;
                reader.accept(parse(mapper, line.toByteArray(), path, lines));
                line.reset();
            }
        }
        return end;
    }

    private static JsonNode parse(ObjectMapper mapper, byte[] line, Path path, long number) throws IOException {
        try {
            return mapper.readTree(line);
        } catch (IOException e) {
            throw new IOException(
                    "line " + number + " of " + path + " is not JSON; move the file away to start anew", e);
        }
    }

    public void append(Event event) {
        if (file == null) {
            return;
        }
        try {
            line.reset();
            try (JsonGenerator json = factory.createGenerator(line)) {
                json.writeStartObject();
                event.writeTo(json);
                json.writeEndObject();
            }
            line.write('\n');
            ByteBuffer bytes = ByteBuffer.wrap(line.toByteArray());
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the journal", e);
        }
    }

    /** Forgets everything. */
    public void clear() {
        try {
            if (file != null) {
                file.truncate(0);
                file.position(0);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clear the journal", e);
        }
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the journal", e);
        }
    }
}
