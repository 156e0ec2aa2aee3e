package io.wavequeue.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A request in a manifest, whatever its form: what it says, and what it is to say in the copy. */
interface Line {

    /** A field of the request itself, such as {@code model}; null = left out. */
    @Nullable
    String text(String field);

    void put(String field, JsonNode value);

    boolean hasLabel(String key);

    void putLabel(String key, String value);

    /** An input of the model; null = left out. */
    @Nullable
    JsonNode input(String name);

    void putInput(String name, JsonNode value);
}
