package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Batch;
import io.wavequeue.cli.screen.Money;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.screen.Seconds;
import io.wavequeue.cli.screen.TextTable;
import io.wavequeue.cli.screen.TextTable.Column;
import io.wavequeue.cli.watch.Standing;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches for people. */
final class BatchText {

    private final List<String> lines = new ArrayList<>();

    private BatchText() {}

    static List<String> of(JsonNode json) {
        Batch batch = Batch.of(json);
        BatchText text = new BatchText();
        text.line("batch", batch.id());
        text.line("library", batch.name());
        text.line("status", batch.status());
        text.line("jobs", Standing.counts(batch));
        text.line("archived", batch.count("archived") + " of " + batch.count("succeeded") + " that succeeded");
        text.line("cost", cost(batch));
        Long left = batch.etaSeconds();
        text.line("left", left == null ? null : "about " + Seconds.about(left));
        text.line("created", batch.createdAt());
        return text.lines;
    }

    static List<String> list(List<Batch> batches) {
        TextTable table = new TextTable(List.of(
                Column.left("batch"),
                Column.left("library"),
                Column.left("status"),
                Column.right("jobs"),
                Column.right("ended"),
                Column.right("failed"),
                Column.right("charged USD"),
                Column.left("created")));
        for (Batch batch : batches) {
            String library = batch.name();
            table.row(
                    batch.id(),
                    library == null ? "-" : library,
                    batch.status(),
                    String.valueOf(batch.count("total")),
                    String.valueOf(batch.ended()),
                    String.valueOf(batch.count("failed")),
                    Money.column(batch.cost("charged_usd")),
                    batch.createdAt());
        }
        return table.lines();
    }

    private static String cost(Batch batch) {
        return "estimated " + usd(batch.cost("estimated_usd")) + ", reserved " + usd(batch.cost("reserved_usd"))
                + ", charged " + usd(batch.cost("charged_usd")) + ", refunded " + usd(batch.cost("refunded_usd"))
                + ", budget " + (batch.cost("budget_usd") == null ? "none" : usd(batch.cost("budget_usd")));
    }

    private static String usd(@Nullable BigDecimal amount) {
        return amount == null ? "unknown" : Money.exact(amount);
    }

    private void line(String name, @Nullable String value) {
        if (value != null) {
            lines.add(Printable.line(String.format("%-9s ", name) + value));
        }
    }
}
