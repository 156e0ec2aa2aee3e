package io.wavequeue.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rendering of a cue, as the API shows it: a view of its JSON, in which everything but cue and number may be missing. */
public final class Take {

    private final JsonNode json;
    private final String reference;
    private final long number;

    private Take(JsonNode json, String reference, long number) {
        this.json = json;
        this.reference = reference;
        this.number = number;
    }

    /** Reads one take; without reference or number it is none. */
    public static Take of(JsonNode json) {
        String reference = Json.text(json, "reference");
        Long number = Json.whole(json, "take");
        if (reference == null || number == null) {
            throw new ApiUnreadableException("a take without reference or number; is this Wavequeue's API?");
        }
        return new Take(json, reference, number);
    }

    /** As it came. */
    public JsonNode json() {
        return json;
    }

    /** The cue. */
    public String reference() {
        return reference;
    }

    /** Its number among the cue's takes, from 1. */
    public long number() {
        return number;
    }

    /** A text field, such as {@code key} or {@code decision}; null when it has none. */
    public @Nullable String text(String field) {
        return Json.text(json, field);
    }

    /** What was charged for it; null = not known. */
    public @Nullable BigDecimal chargedUsd() {
        return Json.usd(json, "charged_usd");
    }

    /** Its archived outputs. */
    public List<JsonNode> outputs() {
        List<JsonNode> archived = new ArrayList<>();
        for (JsonNode output : json.path("outputs")) {
            archived.add(output);
        }
        return archived;
    }

    /** Its named files, below the folder of outputs, one for each output. */
    public List<String> files() {
        List<String> files = new ArrayList<>();
        json.path("files").forEach(file -> files.add(file.asText()));
        return files;
    }
}
