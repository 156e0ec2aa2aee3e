package io.wavequeue.catalogue;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import java.util.List;
import java.util.stream.StreamSupport;

/** The schema validator's findings in our words: each quotes the value and says what is allowed. */
final class SchemaMessages {
    private static final int MOST_NAMES = 30;

    private SchemaMessages() {}

    /** Where an error is, as {@code field}, {@code field.part} or {@code field[2]}; empty for the input itself. */
    static String path(NodePath location) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < location.getNameCount(); i++) {
            Object element = location.getElement(i);
            if (element instanceof Integer index) {
                path.append('[').append(index).append(']');
            } else {
                path.append(i == 0 ? "" : ".").append(Quote.name(element.toString()));
            }
        }
        return path.toString();
    }

    /**
     * The message of an error of a value that is there.
     *
     * @param property the schema of that field, or a missing node where it is not at hand
     */
    static String of(Error error, JsonNode property) {
        String value = Quote.of(error.getInstanceNode());
        JsonNode bound = error.getSchemaNode();
        return switch (error.getKeyword()) {
            case "type" -> wrongType(value, property.isObject() ? allowed(property) : typeName(bound));
            case "minimum" -> value + " is below the minimum of " + Quote.of(bound);
            case "maximum" -> value + " is above the maximum of " + Quote.of(bound);
            case "exclusiveMinimum" -> value + " is not above " + Quote.of(bound);
            case "exclusiveMaximum" -> value + " is not below " + Quote.of(bound);
            case "multipleOf" -> value + " is not a multiple of " + Quote.of(bound);
            case "enum" -> value + " is not allowed; use " + oneOf(bound);
            case "const" -> value + " is not allowed; it must be " + Quote.of(bound);
            case "maxLength" ->
                value
                        + " is %,d characters long; at most %,d are allowed"
                                .formatted(length(error.getInstanceNode()), bound.asInt());
            case "minLength" ->
                value
                        + " is %,d characters long; at least %,d are needed"
                                .formatted(length(error.getInstanceNode()), bound.asInt());
            case "maxItems" ->
                "has %,d entries; at most %,d are allowed"
                        .formatted(error.getInstanceNode().size(), bound.asInt());
            case "minItems" ->
                "has %,d entries; at least %,d are needed"
                        .formatted(error.getInstanceNode().size(), bound.asInt());
            case "pattern" -> value + " does not match the pattern " + bound.asText();
            case "format" -> value + " " + formatProblem(error.getInstanceNode(), bound.asText());
            default -> value + " is not allowed: " + error.getMessage();
        };
    }

    static String missing(JsonNode property) {
        return property.isObject() ? "is required: " + allowed(property) : "is required";
    }

    static String unknownField(String name, Iterable<String> known) {
        List<String> names = StreamSupport.stream(known.spliterator(), false).toList();
        return "unknown field " + Quote.text(name)
                + NearestName.of(name, names)
                        .map(nearest -> "; did you mean \"" + nearest + "\"?")
                        .orElseGet(() -> "; known fields: "
                                + names.stream().limit(MOST_NAMES).collect(joining(", "))
                                + (names.size() > MOST_NAMES ? ", …" : ""));
    }

    private static String wrongType(String value, String allowed) {
        return value.equals("null")
                ? "null is not allowed; leave the field out or give " + allowed
                : value + " is not allowed; it must be " + allowed;
    }

    private static String formatProblem(JsonNode value, String format) {
        return format.equals(AudioSource.FORMAT)
                ? AudioSource.problem(value.asText()).orElse("is not an audio source")
                : "is not a valid " + format;
    }

    /** What a property takes, as in {@code an integer from 1 to 100}. */
    private static String allowed(JsonNode property) {
        if (property.path("enum").isArray()) {
            return oneOf(property.path("enum"));
        }
        if (property.path("format").asText().equals(AudioSource.FORMAT)) {
            return AudioSource.ALLOWED;
        }
        String type = typeName(property.path("type"));
        JsonNode low = property.path("minimum");
        JsonNode high = property.path("maximum");
        if (low.isNumber() && high.isNumber()) {
            return type + " from " + Quote.of(low) + " to " + Quote.of(high);
        }
        if (low.isNumber()) {
            return type + " of at least " + Quote.of(low);
        }
        return high.isNumber() ? type + " of at most " + Quote.of(high) : type;
    }

    private static String typeName(JsonNode type) {
        if (type.isArray()) {
            return StreamSupport.stream(type.spliterator(), false)
                    .map(SchemaMessages::typeName)
                    .collect(joining(" or "));
        }
        return switch (type.asText()) {
            case "string" -> "a text";
            case "integer" -> "an integer";
            case "number" -> "a number";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case "object" -> "an object";
            default -> type.asText();
        };
    }

    private static String oneOf(JsonNode values) {
        String listed = StreamSupport.stream(values.spliterator(), false)
                .limit(MOST_NAMES)
                .map(Quote::of)
                .collect(joining(", "));
        return "one of " + listed + (values.size() > MOST_NAMES ? ", …" : "");
    }

    private static int length(JsonNode text) {
        String value = text.asText();
        return value.codePointCount(0, value.length());
    }
}
