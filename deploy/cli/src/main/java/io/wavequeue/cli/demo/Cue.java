package io.wavequeue.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.cli.client.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One line of the manifest: a sound that a game needs.
 *
 * @param inputs the model's inputs by name, numbers as numbers; {@code audio} may be {@code clip:<name>}
 */
record Cue(String reference, String category, String model, Expectation expect, Map<String, JsonNode> inputs) {

    private static final String CLIP = "clip:";

    Cue {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        if (reference.isBlank() || category.isBlank() || model.isBlank()) {
            throw new IllegalArgumentException("a cue needs reference, category and model, this one has '" + reference
                    + "', '" + category + "', '" + model + "'");
        }
    }

    /** The clip of ours that it starts from, if any. */
    Optional<SourceClip> clip() {
        return text("audio")
                .filter(audio -> audio.startsWith(CLIP))
                .map(audio -> SourceClip.named(audio.substring(CLIP.length())));
    }

    /** The format that was asked for; empty where the model has no say in it. */
    Optional<AudioFormat> format() {
        return text("output_format").map(AudioFormat::named);
    }

    /** The model without its vendor: {@code stable-audio-3/music}. */
    String shortModel() {
        return model.substring(model.indexOf('/') + 1);
    }

    /** The body of {@code POST /v1/jobs}; {@code media} are the references of the uploaded clips. */
    ObjectNode request(String runId, Map<SourceClip, String> media) {
        ObjectNode request = Json.object();
        request.put("model", model);
        ObjectNode input = request.putObject("input");
        input.setAll(inputs);
        clip().ifPresent(clip -> input.put("audio", media.get(clip)));
        request.put("reference", reference);
        request.put("lane", "interactive");
        request.put("max_attempts", 2);
        request.putObject("labels").put("demo", runId).put("category", category);
        return request;
    }

    private Optional<String> text(String input) {
        return Optional.ofNullable(inputs.get(input)).map(JsonNode::asText);
    }
}
