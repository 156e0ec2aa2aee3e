package io.wavequeue.local.supervise;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The file that a process's output is appended to, kept over restarts and rotated by size before a start. */
public record LogFile(Path path) {
    private static final long ROTATE_AT_BYTES = 10L << 20;
    private static final int KEPT = 3;
    private static final int TAIL_BYTES = 32 << 10;

    /** Makes the folder and, when the log has grown large, moves it to {@code <name>.1} and so on. */
    public void rotate() throws IOException {
        rotate(ROTATE_AT_BYTES);
    }

    void rotate(long limitBytes) throws IOException {
        Files.createDirectories(path.toAbsolutePath().getParent());
        if (size() <= limitBytes) {
            return;
        }
        for (int age = KEPT - 1; age >= 1; age--) {
            if (Files.exists(aged(age))) {
                Files.move(aged(age), aged(age + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(path, aged(1), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Bytes written so far; 0 where there is no log. */
    public long size() throws IOException {
        return Files.exists(path) ? Files.size(path) : 0;
    }

    /** The last lines written since the given position. */
    public List<String> tail(long since, int lines) {
        try {
            var all = textFrom(Math.max(since, size() - TAIL_BYTES)).lines().toList();
            return all.subList(Math.max(0, all.size() - lines), all.size());
        } catch (IOException e) {
            return List.of("(the log cannot be read: " + e.getMessage() + ")");
        }
    }

    /** Whether that was written since the given position. */
    public boolean contains(long since, String text) {
        try {
            return textFrom(since).contains(text);
        } catch (IOException e) {
            return false; // not written yet
        }
    }

    private String textFrom(long position) throws IOException {
        if (!Files.exists(path)) {
            return "";
        }
        try (var file = new RandomAccessFile(path.toFile(), "r")) {
            file.seek(Math.min(position, file.length()));
            var bytes = new byte[Math.toIntExact(Math.min(file.length() - file.getFilePointer(), 1 << 20))];
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private Path aged(int age) {
        return path.resolveSibling(path.getFileName() + "." + age);
    }
}
