package io.wavequeue.local.supervise;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Questions about processes that are not our direct children. */
public final class Pids {
    private static final Charset NATIVE = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private Pids() {}

    /** Whether the process runs, and so may hold files and ports. A zombie, which nobody has reaped yet, does not. */
    public static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent() && !isZombie(pid);
    }

    /**
     * What it was started with; empty where the system does not tell.
     *
     * <p>On Linux read from the system itself: {@link ProcessHandle.Info#arguments()} is empty for a program whose
     * arguments, a class path among them, fill more than a memory page.
     */
    public static List<String> arguments(long pid) {
        var file = Path.of("/proc", Long.toString(pid), "cmdline");
        try {
            if (Files.exists(file)) {
                return List.of(new String(Files.readAllBytes(file), NATIVE).split("\0"));
            }
        } catch (IOException e) {
            return List.of(); // it went away, or is another user's
        }
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().arguments())
                .map(List::of)
                .orElse(List.of());
    }

    /** The first thread of a process that is ending may be gone while others still hold its ports. */
    private static boolean isItsLastThread(long pid) throws IOException {
        try (var threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.count() <= 1;
        }
    }

    private static boolean isZombie(long pid) {
        var stat = Path.of("/proc", Long.toString(pid), "stat");
        try {
            if (!Files.exists(stat)) {
                return false; // not Linux
            }
            var line = Files.readString(stat);
            // The state follows the program's name, which stands in parentheses and may contain any character.
            return line.startsWith(") Z", line.lastIndexOf(')')) && isItsLastThread(pid);
        } catch (IOException e) {
            return true; // it went away between the two looks
        }
    }
}
