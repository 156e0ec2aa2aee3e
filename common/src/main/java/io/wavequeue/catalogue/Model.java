package io.wavequeue.catalogue;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model of the provider as the catalogue describes it. Immutable.
 *
 * @param id the provider's name of it, such as {@code stability-ai/stable-audio-3/music}
 * @param title its name for people
 * @param kind what it makes of what, such as {@code text-to-audio}
 * @param description one sentence or two
 * @param source where these facts come from, and when they were read
 * @param inputSchema the JSON Schema (2020-12) of its input, for {@code GET /v1/models/{id}}; a copy at every call
 * @param rules what the schema cannot state
 * @param price how a run is charged
 * @param predictionDeadline how long a prediction may take before the job fails
 * @param mediaFields the fields that hold a source clip ({@link AudioSource})
 * @param output which audio format comes out
 */
public record Model(
        String id,
        String title,
        String kind,
        String description,
        String source,
        JsonNode inputSchema,
        List<InputRule> rules,
        PriceRule price,
        Duration predictionDeadline,
        List<String> mediaFields,
        OutputRule output) {
    public Model {
        requireNonNull(id, "id");
        inputSchema = inputSchema.deepCopy();
        rules = List.copyOf(rules);
        mediaFields = List.copyOf(mediaFields);
        if (!predictionDeadline.isPositive()) {
            throw new IllegalArgumentException("a prediction deadline cannot be " + predictionDeadline);
        }
    }

    @Override
    public JsonNode inputSchema() {
        return inputSchema.deepCopy();
    }

    /** Whether its inputs may have the field. */
    public boolean hasField(String name) {
        return inputSchema.path("properties").has(name);
    }

    /** The audio format that a run with this input gives, such as {@code mp3}: also the extension of its file. */
    public String outputFormat(ObjectNode effectiveInput) {
        String asked = output.formatField() == null
                ? null
                : effectiveInput.path(output.formatField()).textValue();
        return asked == null ? output.defaultFormat() : asked;
    }

    /**
     * Which audio format a model's runs give, and how much of it.
     *
     * @param formatField the input's field that chooses the format; null = none does
     * @param defaultFormat the format where none was chosen
     * @param secondsOf the input's fields whose sum is the length; empty = the input does not tell it
     * @param sourceField the source clip whose own length comes on top; null = none does
     */
    public record OutputRule(
            @Nullable String formatField,
            String defaultFormat,
            List<String> secondsOf,
            @Nullable String sourceField) {
        public OutputRule {
            secondsOf = List.copyOf(secondsOf);
        }

        /** The sum of the fields that tell the length; null when there are none, or one of them is no number. */
        @Nullable
        BigDecimal seconds(JsonNode effectiveInput) {
            BigDecimal sum = BigDecimal.ZERO;
            for (String field : secondsOf) {
                JsonNode seconds = effectiveInput.path(field);
                if (!seconds.isNumber() || Numbers.problem(seconds).isPresent()) {
                    return null;
                }
                sum = sum.add(seconds.decimalValue());
            }
            return secondsOf.isEmpty() ? null : sum;
        }
    }

    /**
     * The audio that a run is to give.
     *
     * @param format such as {@code mp3}; null = the input does not choose it
     * @param seconds its length; null = the input does not tell it
     * @param atLeast whether it may be longer: a source clip of unknown length is part of it
     */
    public record ExpectedOutput(
            @Nullable String format, @Nullable BigDecimal seconds, boolean atLeast) {}
}
