package io.wavequeue.admission;

import com.fasterxml.jackson.databind.JsonNode;

/** Bad names and values as they stand in messages: short, on one line and printable, whatever was given. */
public final class Shown {
    private static final int LONGEST = 64;

    private Shown() {}

    public static String value(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> '"' + name(value.textValue()) + '"';
            case NUMBER, BOOLEAN -> name(value.asText());
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case NULL, MISSING -> "null";
            case BINARY -> "binary data";
        };
    }

    public static String name(String given) {
        StringBuilder shown = new StringBuilder();
        given.codePoints().limit(LONGEST).forEach(c -> append(shown, c));
        return given.codePoints().skip(LONGEST).findAny().isPresent()
                ? shown.append('…').toString()
                : shown.toString();
    }

    private static void append(StringBuilder shown, int c) {
        int type = Character.getType(c);
        if (type == Character.CONTROL || type == Character.SURROGATE || type == Character.FORMAT) {
            shown.append("\\u%04x".formatted(c));
        } else {
            shown.appendCodePoint(c);
        }
    }
}
