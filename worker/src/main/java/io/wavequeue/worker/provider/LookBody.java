package io.wavequeue.worker.provider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Set;

/**
 * What a look at a prediction needs of an answer's body, with or without its envelope. The rest, which may hold the whole
 * input, is passed over without being made into objects.
 */
final class LookBody {
    private static final String ENVELOPED = "data";
    private static final Set<String> NEEDED =
            Set.of(ENVELOPED, "code", "message", "error", "detail", "status", "outputs", "timings", "executionTime");

    private LookBody() {}

    /** As {@link ObjectMapper#readTree(byte[])}, with the needed fields only. */
    static JsonNode read(ObjectMapper json, byte[] bytes) throws IOException {
        try (JsonParser parser = json.createParser(bytes)) {
            JsonToken start = parser.nextToken();
            return start == null ? MissingNode.getInstance() : value(parser, start);
        }
    }

    private static JsonNode value(JsonParser parser, JsonToken start) throws IOException {
        return start == JsonToken.START_OBJECT ? fields(parser) : parser.readValueAsTree();
    }

    private static ObjectNode fields(JsonParser parser) throws IOException {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken start = parser.nextToken();
            if (name.equals(ENVELOPED)) {
                fields.set(name, value(parser, start));
            } else if (NEEDED.contains(name)) {
                fields.set(name, parser.<JsonNode>readValueAsTree());
            } else {
                parser.skipChildren();
            }
        }
        return fields;
    }
}
