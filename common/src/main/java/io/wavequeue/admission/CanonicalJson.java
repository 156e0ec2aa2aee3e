package io.wavequeue.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * One form for all JSON texts that mean the same: keys in order, no white space, numbers by value (30, 30.0 and 3e1 are
 * one). Takes only what {@link StrictJson} read, whose numbers and nests are bounded.
 */
public final class CanonicalJson {
    private CanonicalJson() {}

    /** SHA-256 of the canonical form, in lower-case hex. */
    public static String sha256(JsonNode json) {
        return HexFormat.of().formatHex(digest().digest(text(json).getBytes(StandardCharsets.UTF_8)));
    }

    /** The same of an array whose elements come one by one. */
    public static final class ArrayDigest {
        private final MessageDigest digest = digest();
        private String before = "[";

        public void add(JsonNode element) {
            digest.update((before + text(element)).getBytes(StandardCharsets.UTF_8));
            before = ",";
        }

        /** Of the array so far; ends it. */
        public String sha256() {
            String end = before.equals("[") ? "[]" : "]";
            return HexFormat.of().formatHex(digest.digest(end.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String text(JsonNode json) {
        StringBuilder text = new StringBuilder();
        append(text, json);
        return text.toString();
    }

    private static void append(StringBuilder text, JsonNode json) {
        switch (json.getNodeType()) {
            case OBJECT -> appendObject(text, json);
            case ARRAY -> appendArray(text, json);
            case NUMBER -> text.append(number(json.decimalValue()));
            case STRING, BOOLEAN, NULL -> text.append(json);
            case BINARY, MISSING, POJO -> throw new IllegalArgumentException(json.getNodeType() + " is not JSON");
        }
    }

    private static void appendObject(StringBuilder text, JsonNode object) {
        List<Map.Entry<String, JsonNode>> fields =
                object.properties().stream().sorted(Map.Entry.comparingByKey()).toList();
        char before = '{';
        for (Map.Entry<String, JsonNode> field : fields) {
            text.append(before).append(TextNode.valueOf(field.getKey())).append(':');
            append(text, field.getValue());
            before = ',';
        }
        text.append(fields.isEmpty() ? "{}" : "}");
    }

    private static void appendArray(StringBuilder text, JsonNode array) {
        text.append('[');
        for (int i = 0; i < array.size(); i++) {
            text.append(i == 0 ? "" : ",");
            append(text, array.get(i));
        }
        text.append(']');
    }

    private static String number(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toString();
    }
}
