package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.screen.TextTable;
import io.wavequeue.cli.screen.TextTable.Column;
import java.util.List;
import java.util.stream.Collectors;

/** The answer of {@code GET /v1/models} as a table. */
final class ModelsText {

    private ModelsText() {}

    static List<String> list(JsonNode catalogue) {
        TextTable table = new TextTable(List.of(Column.left("model"), Column.left("price"), Column.left("what it is")));
        for (JsonNode model : catalogue.isArray() ? catalogue : catalogue.path("items")) {
            table.row(first(model, "model", "id"), price(model.path("price")), first(model, "title", "name", "kind"));
        }
        return table.lines();
    }

    /** A price is an amount with its unit; how the API words the unit is its own affair. */
    private static String price(JsonNode price) {
        if (price.isValueNode()) {
            return price.asText();
        }
        return price.valueStream()
                .filter(JsonNode::isValueNode)
                .filter(value -> !value.isNull())
                .map(value -> value.isBigDecimal() ? value.decimalValue().toPlainString() : value.asText())
                .collect(Collectors.joining(" "));
    }

    private static String first(JsonNode model, String... fields) {
        for (String field : fields) {
            String text = Json.text(model, field);
            if (text != null) {
                return text;
            }
        }
        return "-";
    }
}
