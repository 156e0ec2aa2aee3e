package io.wavequeue.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Query;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the side file and the options say: of the call as a whole, and of lines that leave something out. */
public record Settings(Call call, Lines lines) {

    /**
     * Of the call as a whole; null = not said.
     *
     * @param unknownPrice {@code accept}: jobs are made whose price nobody knows
     */
    public record Call(
            String library,
            @Nullable String lane,
            @Nullable BigDecimal budgetUsd,
            List<String> retake,
            @Nullable Integer maxRetakes,
            @Nullable Boolean reuse,
            @Nullable String unknownPrice) {

        public Call {
            retake = List.copyOf(retake);
        }

        /** As the API takes them. */
        public Query query() {
            return new Query()
                    .add("name", library)
                    .add("lane", lane)
                    .add("budget_usd", budgetUsd == null ? null : budgetUsd.toPlainString())
                    .add("reuse", reuse)
                    .add("unknown_price", unknownPrice)
                    .add("retake", retake.isEmpty() ? null : String.join(",", retake))
                    .add("max_retakes", maxRetakes);
        }
    }

    /** Of lines that leave it out; null = not said. */
    public record Lines(
            @Nullable String output,
            @Nullable Integer takes,
            @Nullable Integer maxAttempts,
            Map<String, String> labels,
            List<Default> defaults) {

        public Lines {
            labels = Map.copyOf(labels);
            defaults = List.copyOf(defaults);
        }
    }

    /** A model input, for the models that have it, and where that is said. */
    public record Default(String input, JsonNode value, Place place) {}

    /** A place in a side file, or an option. */
    public record Place(String file, long line) {

        /** Something wrong there. */
        public Fault fault(String field, String message) {
            return new Fault(file, line, field, message);
        }
    }
}
