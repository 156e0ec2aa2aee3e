package io.wavequeue.catalogue;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    /** The audio format that a run with this input gives, such as {@code mp3}: also the extension of its file. */
    public String outputFormat(ObjectNode effectiveInput) {
        String asked = output.formatField() == null
                ? null
                : effectiveInput.path(output.formatField()).textValue();
        return asked == null ? output.defaultFormat() : asked;
    }

    /**
     * Which audio format a model's runs give.
     *
     * @param formatField the input's field that chooses it; null = none does
     * @param defaultFormat the format where none was chosen
     */
    public record OutputRule(@Nullable String formatField, String defaultFormat) {}
}
