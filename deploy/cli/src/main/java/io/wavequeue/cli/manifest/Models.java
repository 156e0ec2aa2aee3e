package io.wavequeue.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.ApiUnreadableException;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.screen.NearestWord;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which inputs each model has, and which of them hold a source clip. */
public final class Models {

    private final Map<String, Inputs> byId = new HashMap<>();

    private Models() {}

    /** A model's inputs by name, and those that hold a clip. */
    record Inputs(Set<String> all, Set<String> clips) {}

    /** The answer of {@code GET /v1/models}. */
    public static Models of(JsonNode catalogue) {
        Models models = new Models();
        for (JsonNode model : catalogue.path("items")) {
            String id = Json.text(model, "id");
            if (id != null) {
                Set<String> all = new LinkedHashSet<>();
                model.path("schema").path("properties").fieldNames().forEachRemaining(all::add);
                Set<String> clips = new LinkedHashSet<>();
                model.path("media_fields").forEach(field -> clips.add(field.asText()));
                models.byId.put(id, new Inputs(all, clips));
            }
        }
        if (models.byId.isEmpty()) {
            throw new ApiUnreadableException("the API lists no models; is this Wavequeue's API?");
        }
        return models;
    }

    /** Null for a model that there is not: its line is left to the API to refuse. */
    @Nullable
    Inputs find(@Nullable String model) {
        return model == null ? null : byId.get(model);
    }

    boolean anyHas(String input) {
        return byId.values().stream().anyMatch(inputs -> inputs.all().contains(input));
    }

    Optional<String> nearest(String input) {
        Set<String> all = new TreeSet<>();
        byId.values().forEach(inputs -> all.addAll(inputs.all()));
        return NearestWord.of(input, List.copyOf(all));
    }
}
