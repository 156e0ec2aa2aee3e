package io.wavequeue.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 answer, {@code application/problem+json}. A body of another kind (a proxy's HTML, nothing at all) becomes
 * a problem that only names the status.
 *
 * @param code what kind of problem it is, for programs, such as {@code plan_outdated}
 * @param title the same for people
 * @param detail more about this case, when the API says more than the title
 * @param fields every bad field at once
 */
public record Problem(
        @Nullable String code, String title, @Nullable String detail, List<Field> fields) {

    public Problem {
        fields = List.copyOf(fields);
    }

    /** One bad field; {@code line} is the file's line number for batches, or null. */
    public record Field(@Nullable Integer line, @Nullable String name, String message) {

        @Override
        public String toString() {
            String place = line == null ? "" : "line " + line + ": ";
            return place + (name == null ? "" : name + ": ") + message;
        }
    }

    static Problem parse(int status, byte[] body) {
        JsonNode json;
        try {
            json = Json.read(body);
        } catch (IOException e) {
            return bare(status);
        }
        String title = Json.text(json, "title");
        String detail = Json.text(json, "detail");
        if (title == null && detail == null) {
            return bare(status);
        }
        List<Field> fields = new ArrayList<>();
        for (JsonNode error : json.path("errors")) {
            String message = Json.text(error, "message");
            Integer line = error.path("line").isInt() ? error.path("line").asInt() : null;
            fields.add(new Field(line, Json.text(error, "field"), message == null ? error.toString() : message));
        }
        String code = Json.text(json, "code");
        return title == null
                ? new Problem(code, nonNull(detail), null, fields)
                : new Problem(code, title, detail, fields);
    }

    private static String nonNull(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Problem bare(int status) {
        String title =
                switch (status) {
                    case 401 -> "Unauthorized";
                    case 403 -> "Forbidden";
                    case 404 -> "Not found";
                    case 413 -> "Too large";
                    case 502, 503, 504 -> "Not available at the moment";
                    default -> status >= 500 ? "Internal error of the API" : "Refused";
                };
        return new Problem(null, title, null, List.of());
    }
}
