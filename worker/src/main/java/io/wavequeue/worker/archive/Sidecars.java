package io.wavequeue.worker.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.wavequeue.storage.Content;
import io.wavequeue.storage.Hashes;
import io.wavequeue.storage.OutputStorage;
import io.wavequeue.store.CheckStore.DueCheck;
import io.wavequeue.worker.audio.AudioVerdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Writes the file beside an archived file, which bears its name and {@code .json}. One that is there is replaced, whole. */
final class Sidecars {
    private static final ObjectWriter JSON = new ObjectMapper().writerWithDefaultPrettyPrinter();

    private static final String TYPE = "application/json";

    private final OutputStorage storage;

    Sidecars(OutputStorage storage) {
        this.storage = storage;
    }

    /** Durable when this returns. */
    void write(DueCheck output, @Nullable AudioVerdict audio) throws IOException {
        byte[] text = JSON.writeValueAsBytes(Sidecar.of(output, audio));
        int name = output.file().lastIndexOf('/');
        Path part = storage.part(output.file().substring(0, Math.max(0, name)));
        try {
            writeDurably(part, text);
            storage.put(part, output.file() + ".json", new Content(text.length, Hashes.sha256(text), TYPE));
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static void writeDurably(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }
}
