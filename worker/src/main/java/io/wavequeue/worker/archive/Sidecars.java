package io.wavequeue.worker.archive;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.wavequeue.store.CheckStore.DueCheck;
import io.wavequeue.worker.audio.AudioVerdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the file beside an archived file, which bears its name and {@code .json}. One that is there is replaced, whole. */
final class Sidecars {
    private static final ObjectWriter JSON = new ObjectMapper().writerWithDefaultPrettyPrinter();

    private final Path folder;

    /** @param folder the folder of outputs */
    Sidecars(Path folder) {
        this.folder = folder;
    }

    /** Durable when this returns. */
    void write(DueCheck output, @Nullable AudioVerdict audio) throws IOException {
        Path target = folder.resolve(output.file() + ".json");
        Path part = target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID() + ".part");
        try {
            writeDurably(part, JSON.writeValueAsBytes(Sidecar.of(output, audio)));
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
