package io.wavequeue.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A request that is a JSON object. Where its shape is not that of a request it is left alone. */
final class JsonLine implements Line {

    private final ObjectNode request;
    private boolean changed;

    JsonLine(ObjectNode request) {
        this.request = request;
    }

    boolean changed() {
        return changed;
    }

    @Override
    public @Nullable String text(String field) {
        JsonNode value = request.get(field);
        return value == null || value.isNull() ? null : value.asText();
    }

    @Override
    public void put(String field, JsonNode value) {
        request.set(field, value);
        changed = true;
    }

    @Override
    public boolean hasLabel(String key) {
        JsonNode labels = request.get("labels");
        return labels != null && !labels.isNull() && (!labels.isObject() || labels.has(key));
    }

    @Override
    public void putLabel(String key, String value) {
        object("labels").put(key, value);
        changed = true;
    }

    @Override
    public @Nullable JsonNode input(String name) {
        JsonNode input = request.get("input");
        return input == null || input.isNull() ? null : input.isObject() ? input.get(name) : input;
    }

    @Override
    public void putInput(String name, JsonNode value) {
        object("input").set(name, value);
        changed = true;
    }

    private ObjectNode object(String field) {
        return request.get(field) instanceof ObjectNode object ? object : request.putObject(field);
    }
}
