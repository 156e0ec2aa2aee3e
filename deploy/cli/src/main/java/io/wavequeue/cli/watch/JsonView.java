package io.wavequeue.cli.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** For programs: an object on each line, {@code {"event":…}}. */
public final class JsonView implements WatchView {

    private final PrintStream out;
    private String told = "";

    /** Writes there. */
    public JsonView(PrintStream out) {
        this.out = out;
    }

    @Override
    public void show(Watched now) {
        String text = now.json().toString();
        if (!text.equals(told)) {
            told = text;
            event(out, "progress", now.kind(), now.json());
        }
    }

    @Override
    public void job(JsonNode job) {
        event(out, "job", "job", job);
    }

    @Override
    public void note(String text) {
        event(out, "note", "message", Json.object().textNode(text));
    }

    @Override
    public void close() {
        out.flush();
    }

    /** Writes one line. */
    public static void event(PrintStream out, String name, String field, JsonNode value) {
        var line = Json.object().put("event", name);
        line.set(field, value);
        // Bytes, not characters: the terminal's charset must not change them.
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }
}
