package io.wavequeue.cli.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Server-sent events as they come, read by a thread of its own so that waiting for one can end. */
public final class EventStream implements AutoCloseable {

    private static final int MOST_WAITING = 100;

    private final InputStream body;
    private final BlockingQueue<Sign> signs = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread reader;

    private EventStream(InputStream body) {
        this.body = body;
        this.reader = Thread.ofVirtual().name("event-stream").unstarted(this::read);
    }

    static EventStream of(InputStream body) {
        EventStream stream = new EventStream(body);
        stream.reader.start();
        return stream;
    }

    /** What the other side let us know. */
    public sealed interface Sign {

        /** An event; {@code id} is the last one that was told, or null. */
        record Event(@Nullable String id, String name, String data) implements Sign {}

        /** A comment: the other side is there, and has nothing to say. */
        record Alive() implements Sign {}

        /** Nothing came within the time. */
        record Silence() implements Sign {}

        /** The stream has ended, by itself or by trouble. */
        record Ended() implements Sign {}
    }

    /** Waits for the next sign. */
    public Sign next(Duration patience) throws InterruptedException {
        Sign sign = signs.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        return sign == null ? new Sign.Silence() : sign;
    }

    @Override
    public void close() {
        reader.interrupt();
        try {
            body.close();
        } catch (IOException gone) {
            // what is closed is not needed any more
        }
    }

    private void read() {
        try {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                read(lines);
            } catch (IOException brokenOff) {
                // told as its end
            }
            signs.put(new Sign.Ended());
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(BufferedReader lines) throws IOException, InterruptedException {
        String id = null;
        String name = "message";
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                signs.put(data.isEmpty() ? new Sign.Alive() : new Sign.Event(id, name, data.toString()));
                name = "message";
                data.setLength(0);
            } else if (line.startsWith("id:")) {
                id = value(line);
            } else if (line.startsWith("event:")) {
                name = value(line);
            } else if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(value(line));
            }
        }
    }

    private static String value(String line) {
        String value = line.substring(line.indexOf(':') + 1);
        return value.startsWith(" ") ? value.substring(1) : value;
    }
}
