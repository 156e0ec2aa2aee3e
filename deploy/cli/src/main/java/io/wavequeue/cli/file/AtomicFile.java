package io.wavequeue.cli.file;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file so that nobody sees half of it. */
public final class AtomicFile {

    private AtomicFile() {}

    /** Writes what is to be in the file; an {@link IOException} is the source's, and keeps the file from being made. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Makes the file, or replaces it.
     *
     * @throws IOException what the content threw
     * @throws UncheckedIOException when this machine cannot write it
     */
    public static void write(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        Path unfinished = target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID() + ".part");
        try {
            try (FileChannel channel = open(target, unfinished);
                    OutputStream out = new Local(target, new BufferedOutputStream(Channels.newOutputStream(channel)))) {
                content.writeTo(out);
                out.flush();
                force(target, channel);
            }
            move(unfinished, target);
        } finally {
            remove(unfinished);
        }
    }

    private static void remove(Path unfinished) {
        try {
            Files.deleteIfExists(unfinished);
        } catch (IOException leftBehind) {
            // what went wrong before is what counts
        }
    }

    private static FileChannel open(Path target, Path unfinished) {
        try {
            Files.createDirectories(target.resolveSibling(""));
            return FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    private static void force(Path target, FileChannel channel) {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    private static void move(Path unfinished, Path target) {
        try {
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    private static UncheckedIOException unwritable(Path file, IOException e) {
        return new UncheckedIOException(file + " cannot be written", e);
    }

    /** Tells trouble of this machine from that of the source. */
    private static final class Local extends FilterOutputStream {
        private final Path target;

        Local(Path target, OutputStream out) {
            super(out);
            this.target = target;
        }

        @Override
        public void write(int b) {
            try {
                out.write(b);
            } catch (IOException e) {
                throw unwritable(target, e);
            }
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                throw unwritable(target, e);
            }
        }

        @Override
        public void flush() {
            try {
                out.flush();
            } catch (IOException e) {
                throw unwritable(target, e);
            }
        }
    }
}
