package io.wavequeue.simulator.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One input field of a model.
 *
 * @param kind {@code string}, {@code number} or {@code integer}
 * @param above the field whose value this one must exceed
 */
record FieldSpec(
        String name,
        String kind,
        boolean required,
        boolean url,
        @Nullable BigDecimal min,
        @Nullable BigDecimal max,
        @Nullable String above,
        List<String> allowed) {

    static FieldSpec parse(String name, JsonNode property, boolean required) {
        List<String> allowed = new ArrayList<>();
        property.path("enum").forEach(value -> allowed.add(value.asText()));
        return new FieldSpec(
                name,
                property.path("type").asText(),
                required,
                property.path("format").asText().equals("uri"),
                property.has("minimum") ? property.get("minimum").decimalValue() : null,
                property.has("maximum") ? property.get("maximum").decimalValue() : null,
                property.has("x-greater-than") ? property.get("x-greater-than").asText() : null,
                List.copyOf(allowed));
    }

    /** What is wrong with this value alone, as the provider says it; null when it is fine. */
    @Nullable
    String problem(@Nullable JsonNode value) {
        if (value == null || value.isNull()) {
            return required ? says("present") : null;
        }
        return kind.equals("string") ? textProblem(value) : numberProblem(value);
    }

    /** What is wrong with its choice, all that a quote looks at; null when it is fine. */
    @Nullable
    String choiceProblem(@Nullable JsonNode value) {
        if (value == null || value.isNull() || allowed.isEmpty() || allowed.contains(value.asText())) {
            return null;
        }
        return says("one of " + String.join(", ", allowed));
    }

    String says(String rule) {
        return "field \"" + name + "\" must be " + rule;
    }

    private @Nullable String textProblem(JsonNode value) {
        if (!value.isTextual()) {
            return says("a string");
        }
        if (required && value.textValue().isBlank()) {
            return says("a non-empty string");
        }
        if (url && !isHttpUrl(value.textValue())) {
            return says("an http or https URL");
        }
        return choiceProblem(value);
    }

    private @Nullable String numberProblem(JsonNode value) {
        if (!value.isNumber()) {
            return says(kind.equals("integer") ? "an integer" : "a number");
        }
        BigDecimal number = value.decimalValue();
        if ((min != null && number.compareTo(min) < 0) || (max != null && number.compareTo(max) > 0)) {
            return says(max == null ? "at least " + min : "between " + min + " and " + max);
        }
        if (kind.equals("integer")
                && number.signum() != 0
                && number.stripTrailingZeros().scale() > 0) {
            return says("an integer");
        }
        return null;
    }

    private static boolean isHttpUrl(String text) {
        try {
            URI uri = new URI(text);
            return uri.getHost() != null
                    && ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()));
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
