package io.wavequeue.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A row of a table. Inputs stand in columns of their own, or together in the column {@code input} as a JSON object. */
final class CsvLine implements Line {

    private static final String INPUT = "input";

    private final Map<String, Integer> columns;
    private final List<String> cells;
    private final @Nullable ObjectNode inputs;

    /**
     * @param columns places by name
     * @param cells as many as there are columns; changed by this
     */
    CsvLine(Map<String, Integer> columns, List<String> cells) {
        this.columns = columns;
        this.cells = cells;
        String object = text(INPUT);
        this.inputs = object == null ? null : LineJson.object(object);
    }

    @Override
    public @Nullable String text(String column) {
        Integer place = columns.get(column);
        return place == null || cells.get(place).isEmpty() ? null : cells.get(place);
    }

    @Override
    public void put(String column, JsonNode value) {
        Integer place = columns.get(column);
        if (place != null) {
            cells.set(place, value.isBigDecimal() ? value.decimalValue().toPlainString() : text(value));
        }
    }

    @Override
    public boolean hasLabel(String key) {
        return text("labels." + key) != null;
    }

    @Override
    public void putLabel(String key, String value) {
        put("labels." + key, TextNode.valueOf(value));
    }

    @Override
    public @Nullable JsonNode input(String name) {
        String cell = text(name);
        return cell != null ? TextNode.valueOf(cell) : inputs == null ? null : inputs.get(name);
    }

    @Override
    public void putInput(String name, JsonNode value) {
        if (inputs == null || !inputs.has(name)) {
            put(name, value);
            return;
        }
        String before = String.valueOf(text(INPUT));
        inputs.set(name, value);
        // As many lines as before, so that the lines behind it keep their numbers.
        put(INPUT, TextNode.valueOf(inputs + "\n".repeat(lineBreaks(before))));
    }

    private static String text(JsonNode value) {
        return value.isContainerNode() ? value.toString() : value.asText();
    }

    /** As a parser counts them: a carriage return and the line feed behind it are one. */
    private static int lineBreaks(String text) {
        return (int) text.replace("\r\n", "\n")
                .chars()
                .filter(c -> c == '\n' || c == '\r')
                .count();
    }
}
