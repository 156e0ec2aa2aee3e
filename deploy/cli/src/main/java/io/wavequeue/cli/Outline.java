package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.screen.Printable;
import java.util.ArrayList;
import java.util.List;

/** Any JSON as an outline: a line for each value, nested ones indented. Shows what a newer API added, too. */
final class Outline {

    private static final String INDENT = "  ";

    private Outline() {}

    static List<String> of(JsonNode json) {
        List<String> lines = new ArrayList<>();
        add(lines, "", json);
        return lines;
    }

    private static void add(List<String> lines, String indent, JsonNode json) {
        int width =
                json.propertyStream().mapToInt(e -> e.getKey().length()).max().orElse(0);
        for (var entry : json.properties()) {
            JsonNode value = entry.getValue();
            if (value.isNull() || (value.isContainerNode() && value.isEmpty())) {
                continue;
            }
            String name = indent + entry.getKey();
            if (value.isValueNode() || ofValues(value)) {
                String gap = " ".repeat(width - entry.getKey().length() + 2);
                lines.add(Printable.line(name + gap + text(value)));
            } else {
                lines.add(Printable.line(name));
                add(lines, indent + INDENT, value);
            }
        }
        if (json.isArray()) {
            json.forEach(item -> addItem(lines, indent, item));
        }
    }

    private static void addItem(List<String> lines, String indent, JsonNode item) {
        if (item.isValueNode()) {
            lines.add(Printable.line(indent + "- " + text(item)));
            return;
        }
        int first = lines.size();
        add(lines, indent + INDENT, item);
        if (lines.size() > first) {
            String line = lines.get(first);
            lines.set(first, indent + "- " + line.substring(indent.length() + INDENT.length()));
        }
    }

    private static boolean ofValues(JsonNode value) {
        return value.isArray() && value.valueStream().allMatch(JsonNode::isValueNode);
    }

    private static String text(JsonNode value) {
        return value.isArray()
                ? String.join(", ", value.valueStream().map(JsonNode::asText).toList())
                : value.isBigDecimal() ? value.decimalValue().toPlainString() : value.asText();
    }
}
