package io.wavequeue.wiring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Named moments at which a test has a process killed, or stopped as SIGSTOP does. Nothing happens unless the system
 * property {@code killpoint} names a file, which nobody but a test does.
 *
 * <p>The file holds an order: a point's name, or the name and {@code stop}. Of all processes the first to reach that point
 * takes the order by deleting the file, and ends at once, without any clean-up.
 */
public final class KillPoint {
    private static final @Nullable Path ORDER = order();
    private static final int KILLED = 137;

    private KillPoint() {}

    private static @Nullable Path order() {
        String file = System.getProperty("killpoint");
        return file == null ? null : Path.of(file);
    }

    public static void reach(String point) {
        if (ORDER != null) {
            obey(ORDER, point);
        }
    }

    private static void obey(Path order, String point) {
        try {
            if (!Files.exists(order)) {
                return;
            }
            String text = Files.readString(order).strip();
            boolean stop = text.equals(point + " stop");
            if (!stop && !text.equals(point)) {
                return;
            }
            Files.delete(order);
            if (stop) {
                stop();
            } else {
                Runtime.getRuntime().halt(KILLED);
            }
        } catch (NoSuchFileException takenBySomebodyElse) {
            // there is one order, and one process to obey it
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stop() throws IOException {
        String pid = Long.toString(ProcessHandle.current().pid());
        try {
            new ProcessBuilder("kill", "-STOP", pid).start().waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
