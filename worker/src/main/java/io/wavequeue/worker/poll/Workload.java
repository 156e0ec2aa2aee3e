package io.wavequeue.worker.poll;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * What run times are learned for: a model, and how much was asked of it, as far as its input tells.
 *
 * @param size the seconds and steps asked for, each by the power of two below, such as {@code 16s 8steps}; empty = every size
 */
public record Workload(String model, String size) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final double MOST = 1 << 20;

    /** Runs of a model whatever was asked for. */
    public static Workload of(String model) {
        return new Workload(model, "");
    }

    /**
     * Counts the input's numbers by their names: what has {@code seconds} or {@code duration} in it is a length (they are
     * added up), what has {@code steps}, steps.
     *
     * @param input a JSON object
     */
    public static Workload of(String model, String input) {
        double seconds = 0;
        double steps = 0;
        try (JsonParser parser = JSON.createParser(input)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken().isStructStart()) {
                    parser.skipChildren();
                } else if (parser.currentToken().isNumeric()) {
                    if (name.contains("seconds") || name.contains("duration")) {
                        seconds += parser.getDoubleValue();
                    } else if (name.contains("steps")) {
                        steps += parser.getDoubleValue();
                    }
                }
            }
        } catch (IOException notJson) {
            return of(model);
        }
        return new Workload(model, (part(seconds, "s") + " " + part(steps, "steps")).strip());
    }

    private static String part(double amount, String unit) {
        return amount > 0 ? Integer.highestOneBit((int) Math.clamp(amount, 1, MOST)) + unit : "";
    }

    boolean isEverySize() {
        return size.isEmpty();
    }

    Workload everySize() {
        return of(model);
    }
}
