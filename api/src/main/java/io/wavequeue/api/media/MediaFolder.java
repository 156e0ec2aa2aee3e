package io.wavequeue.api.media;

import io.wavequeue.wiring.WavequeueConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/** The files of clips, each under the SHA-256 of its content. Any number of processes may write the same one at once. */
@ApplicationScoped
public class MediaFolder {
    private final Path folder;

    MediaFolder(WavequeueConfig config) {
        this.folder = config.dataDir().resolve("media");
    }

    /** A clip on disk, and what the check found. */
    record Kept<T>(String sha256, long bytes, T found) {}

    /** What writes a clip's content. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException, InterruptedException;
    }

    /** Judges a clip that is whole but not kept yet; what it throws keeps it from being kept. */
    @FunctionalInterface
    interface Check<T> {
        T of(Path unfinished) throws IOException;
    }

    /** Keeps the content under its final name: there it is whole, checked and on disk, or it is not there. */
    <T> Kept<T> keep(Content content, Check<T> check) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path unfinished = folder.resolve(".upload-" + UUID.randomUUID());
        try {
            MessageDigest digest = sha256();
            try (FileChannel channel =
                            FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                    OutputStream out = new DigestOutputStream(Channels.newOutputStream(channel), digest)) {
                content.writeTo(out);
                channel.force(true);
            }
            T found = check.of(unfinished);
            long bytes = Files.size(unfinished);
            String sha256 = HexFormat.of().formatHex(digest.digest());
            Path file = folder.resolve(sha256);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder();
            return new Kept<>(sha256, bytes, found);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Whether the clip is there, whole. */
    boolean holds(String sha256, long bytes) {
        try {
            return Files.size(folder.resolve(sha256)) == bytes;
        } catch (IOException notThere) {
            return false;
        }
    }

    /** The new name is on disk only once its folder is. */
    private void syncFolder() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
