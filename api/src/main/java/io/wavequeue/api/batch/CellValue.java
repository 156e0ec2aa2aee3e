package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The value that a cell's text stands for, by the types that the model's schema allows. A text that is none of them stays a
 * text, which the check against the schema refuses in the same words as in JSON.
 */
final class CellValue {
    /** As in JSON, but for zeros in front, which spreadsheets write. */
    private static final Pattern NUMBER = Pattern.compile("(-?)0*(\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)");

    private CellValue() {}

    /** @param type a name of JSON Schema, or a list of them */
    static JsonNode of(String cell, JsonNode type) {
        if (type.isArray()) {
            for (JsonNode one : type) {
                JsonNode value = of(cell, one);
                if (!value.isTextual()) {
                    return value;
                }
            }
            return TextNode.valueOf(cell);
        }
        String text = cell.strip();
        Optional<JsonNode> value =
                switch (type.asText()) {
                    case "number", "integer" ->
                        NUMBER.matcher(text).matches()
                                ? json(NUMBER.matcher(text).replaceFirst("$1$2"))
                                : Optional.empty();
                    case "boolean" -> bool(text);
                    case "array" -> json(text).filter(JsonNode::isArray);
                    case "object" -> json(text).filter(JsonNode::isObject);
                    default -> Optional.empty();
                };
        return value.orElseGet(() -> TextNode.valueOf(cell));
    }

    /** Spreadsheets write TRUE. */
    private static Optional<JsonNode> bool(String text) {
        if (text.equalsIgnoreCase("true")) {
            return Optional.of(BooleanNode.TRUE);
        }
        return text.equalsIgnoreCase("false") ? Optional.of(BooleanNode.FALSE) : Optional.empty();
    }

    private static Optional<JsonNode> json(String text) {
        return switch (StrictJson.read(text.getBytes(StandardCharsets.UTF_8))) {
            case JsonRead.Value(JsonNode value) -> Optional.of(value);
            case JsonRead.Malformed malformed -> Optional.empty();
        };
    }
}
