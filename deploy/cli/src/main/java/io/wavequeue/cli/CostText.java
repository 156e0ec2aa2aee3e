package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.screen.Money;
import io.wavequeue.cli.screen.TextTable;
import io.wavequeue.cli.screen.TextTable.Column;
import java.util.List;

/** The answer of {@code GET /v1/costs} as a table. */
final class CostText {

    private CostText() {}

    static List<String> of(JsonNode costs, String groupBy) {
        TextTable table = new TextTable(List.of(
                Column.left(groupBy),
                Column.right("jobs"),
                Column.right("estimated USD"),
                Column.right("charged USD"),
                Column.right("refunded USD")));
        for (JsonNode item : costs.path("items")) {
            String key = Json.text(item, "key");
            row(table, key == null ? "(none)" : key, item);
        }
        row(table.rule(), "total", costs.path("total"));
        return table.lines();
    }

    private static void row(TextTable table, String key, JsonNode item) {
        Long jobs = Json.whole(item, "jobs");
        table.row(
                key,
                jobs == null ? "-" : jobs.toString(),
                Money.column(Json.usd(item, "estimated_usd")),
                Money.column(Json.usd(item, "charged_usd")),
                Money.column(Json.usd(item, "refunded_usd")));
    }
}
