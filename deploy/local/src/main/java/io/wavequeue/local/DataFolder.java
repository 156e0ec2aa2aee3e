package io.wavequeue.local;

import io.wavequeue.local.supervise.LogFile;
import io.wavequeue.local.supervise.ProcessesFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The folder of one installation, held by one supervisor at a time. */
final class DataFolder implements AutoCloseable {
    // The lock covers a byte far behind the text, so that others can read whose it is where locks are mandatory.
    private static final long LOCKED_BYTE = 1L << 30;

    private final Path path;
    private final FileChannel lock;

    private DataFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Makes the folder where it is missing, and locks it until {@link #close()} or the end of this process. */
    static DataFolder open(Path asked) throws CannotStartException {
        try {
            var path =
                    Files.createDirectories(asked.toAbsolutePath().normalize()).toRealPath();
            Files.createDirectories(path.resolve("logs"));
            Files.delete(Files.createTempFile(path, "writable", null));
            return new DataFolder(path, lock(path));
        } catch (IOException e) {
            throw new CannotStartException("The data folder %s cannot be written (%s): name another with --data."
                    .formatted(asked.toAbsolutePath().normalize(), reason(e)));
        }
    }

    Path path() {
        return path;
    }

    LogFile log(String name) {
        return new LogFile(path.resolve("logs").resolve(name + ".log"));
    }

    ProcessesFile processes() {
        return new ProcessesFile(path.resolve("processes.json"));
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static FileChannel lock(Path path) throws IOException, CannotStartException {
        var file = path.resolve("lock");
        var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock(LOCKED_BYTE, 1, false) != null) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // held within this very process
        }
        channel.close();
        throw new CannotStartException(
                "Another wavequeue (process %s) runs on %s: stop it, or name another folder with --data."
                        .formatted(Files.readString(file).strip(), path));
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + ": " + e.getMessage();
    }
}
