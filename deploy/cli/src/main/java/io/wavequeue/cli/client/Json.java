package io.wavequeue.cli.client;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The tree model with exact numbers: money never passes through a double. No data binding, which would cost start-up. */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    /** Reads one value; an empty body is an {@link IOException} as well. */
    static JsonNode read(byte[] body) throws IOException {
        JsonNode json = MAPPER.readTree(body);
        if (json == null || json.isMissingNode()) {
            throw new IOException("empty body");
        }
        return json;
    }

    /** Reads one value. */
    public static JsonNode parse(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A text as JSON writes it. */
    public static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }

    /** A new, empty object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The text of a field; null when it is absent, null or empty. */
    public static @Nullable String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isValueNode() && !value.isNull() && !value.asText().isEmpty() ? value.asText() : null;
    }

    /** An amount in USD, written as a number or as a string; null when it is absent or not known. */
    public static @Nullable BigDecimal usd(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (value.isNumber()) {
            return value.decimalValue();
        }
        String text = text(json, field);
        if (text == null) {
            return null;
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new ApiUnreadableException(field + " is '" + text + "', which is no amount");
        }
    }

    /** A whole number; null when it is absent. */
    public static @Nullable Long whole(JsonNode json, String field) {
        JsonNode value = json.path(field);
        return value.isNumber() ? (Long) value.asLong() : null;
    }
}
