package io.wavequeue.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;

/** Bad values as they stand in messages: short, on one line and printable, whatever was given. */
final class Quote {
    private static final int LONGEST = 40;

    private Quote() {}

    static String of(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> text(value.textValue());
            case NUMBER -> number(value);
            case BOOLEAN -> value.asText();
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case NULL, MISSING -> "null";
            case BINARY -> "binary data";
        };
    }

    static String text(String value) {
        return "\"" + name(value) + "\"";
    }

    /** A name that somebody made up, without quotes; a plain and short one stays as it is. */
    static String name(String value) {
        int counted = value.codePointCount(0, Math.min(value.length(), 2 * LONGEST));
        int end = value.offsetByCodePoints(0, Math.min(LONGEST, counted));
        StringBuilder printable = new StringBuilder();
        value.substring(0, end).codePoints().forEach(c -> append(printable, c));
        return printable.append(end < value.length() ? "…" : "").toString();
    }

    private static void append(StringBuilder quoted, int c) {
        int type = Character.getType(c);
        if (type == Character.CONTROL || type == Character.SURROGATE || type == Character.FORMAT) {
            quoted.append(c <= Character.MAX_VALUE ? "\\u%04x".formatted(c) : "\\u{%x}".formatted(c));
        } else {
            quoted.appendCodePoint(c);
        }
    }

    private static String number(JsonNode value) {
        if (Numbers.problem(value).isEmpty()) {
            return plain(value.decimalValue());
        }
        if (value.isBigInteger()) {
            // Turning it into digits is the cost that a hostile number is made for.
            return "a number of about " + Math.round(value.bigIntegerValue().bitLength() * Math.log10(2)) + " digits";
        }
        if (value.isBigDecimal() && !Numbers.fewDigits(value.decimalValue())) {
            return "a number of very many digits";
        }
        return value.asText();
    }

    /** Only for numbers that {@link Numbers} found usable: the plain form of others may fill the memory. */
    static String plain(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
