package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.screen.Counted;
import io.wavequeue.cli.screen.Money;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.screen.Seconds;
import io.wavequeue.cli.screen.TextTable;
import io.wavequeue.cli.screen.TextTable.Column;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A plan for people: what would be made, for how much, and what the money allows. */
final class PlanPrinter {

    private static final int FIRST = 20;
    private static final int PAGE = 1_000;

    private final PrintStream out;
    private final LibraryApi api;
    private final boolean all;

    /** @param all whether every take is shown, and not the first ones */
    PlanPrinter(PrintStream out, LibraryApi api, boolean all) {
        this.out = out;
        this.api = api;
        this.all = all;
    }

    /** Whether applying it would make, change or take over anything. */
    static boolean changes(JsonNode plan) {
        return changed(plan) > 0;
    }

    void print(JsonNode plan) {
        counts(plan);
        if (changed(plan) > 0 || count(plan, "orphaned") > 0) {
            out.println();
            items(plan);
        }
        if (count(plan, "jobs") > 0) {
            out.println();
            models(plan);
            out.println();
            money(plan);
        }
    }

    private void counts(JsonNode plan) {
        long takes = changed(plan) + count(plan, "unchanged");
        line("library " + Json.text(plan, "name") + ": " + Counted.of(count(plan, "lines"), "line") + ", "
                + Counted.of(takes, "take"));
        line("  %,d new, %,d changed, %,d unchanged, %,d to be retaken, %,d orphaned"
                .formatted(
                        count(plan, "new"),
                        count(plan, "changed"),
                        count(plan, "unchanged"),
                        count(plan, "retake"),
                        count(plan, "orphaned")));
        if (count(plan, "reused") > 0) {
            line("  " + count(plan, "reused") + " of the new and changed ones are archived already and cost nothing");
        }
    }

    private void items(JsonNode plan) {
        String id = Json.text(plan, "id");
        if (id == null) {
            return;
        }
        int shown = 0;
        for (JsonNode item : api.planItems(id, all ? PAGE : FIRST)) {
            if (item.path("action").asText().equals("orphaned") || (!all && shown == FIRST)) {
                break;
            }
            item(item);
            shown++;
        }
        more(changed(plan) - shown, "");
        if (count(plan, "orphaned") > 0) {
            orphans(plan, id);
        }
    }

    private void orphans(JsonNode plan, String id) {
        line("no longer in the manifest; they stay in the library:");
        int shown = 0;
        for (JsonNode item : api.planItems(id, "orphaned", all ? PAGE : FIRST)) {
            if (!all && shown == FIRST) {
                break;
            }
            item(item);
            shown++;
        }
        more(count(plan, "orphaned") - shown, " orphaned ones");
    }

    private void more(long left, String what) {
        if (left > 0) {
            line("  and " + left + " more" + what + "; --all lists them");
        }
    }

    private void item(JsonNode item) {
        Long line = Json.whole(item, "line");
        String action = item.path("action").asText();
        String place = line == null ? "" : "line " + line;
        String cue = item.path("reference").asText() + " #" + item.path("take").asText();
        BigDecimal price = Json.usd(item, "estimated_usd");
        String shown = action.equals("orphaned") ? "" : price == null ? "price unknown" : Money.exact(price);
        String reason = Json.text(item, "reason");
        line("  %-8s  %-10s  %-30s  %-8s  %s"
                .formatted(action, place, cue, shown, reason == null ? "" : reason)
                .stripTrailing());
    }

    private void models(JsonNode plan) {
        List<Column> columns =
                new ArrayList<>(List.of(Column.left("model"), Column.right("jobs"), Column.right("price USD")));
        boolean quoted = plan.path("by_model").valueStream().anyMatch(model -> model.path("quote")
                .isObject());
        if (quoted) {
            columns.addAll(List.of(Column.right("quoted USD"), Column.right("to pay USD")));
        }
        TextTable table = new TextTable(columns);
        for (JsonNode model : plan.path("by_model")) {
            row(table, model.path("model").asText(), model, quoted);
            model.path("quote").path("remarks").forEach(remark -> table.note(remark.asText()));
        }
        row(table.rule(), "total", plan, quoted);
        table.lines().forEach(out::println);
    }

    /** What the provider asks stands beside the catalogue's price, which is the one that counts. */
    private static void row(TextTable table, String name, JsonNode sum, boolean quoted) {
        List<String> cells = new ArrayList<>(
                List.of(name, "%,d".formatted(count(sum, "jobs")), Money.column(Json.usd(sum, "estimated_usd"))));
        if (quoted) {
            cells.add(Money.column(Json.usd(sum.path("quote"), "quoted_usd")));
            cells.add(Money.column(Json.usd(sum.path("quote"), "discounted_usd")));
        }
        table.row(cells.toArray(String[]::new));
    }

    private void money(JsonNode plan) {
        BigDecimal price = Json.usd(plan, "estimated_usd");
        BigDecimal balance = Json.usd(plan, "balance_usd");
        BigDecimal budget = Json.usd(plan, "budget_usd");
        line("price     " + price(plan));
        line("balance   " + (balance == null ? "not known" : Money.exact(balance)) + enough(price, balance));
        line("budget    " + (budget == null ? "none" : Money.exact(budget)) + enough(price, budget));
        Long seconds = Json.whole(plan, "expected_seconds");
        line("expected  " + (seconds == null ? "not known" : "about " + Seconds.about(seconds)));
    }

    /** The price of all jobs, as short as it stays exact. */
    static String price(JsonNode plan) {
        BigDecimal price = Json.usd(plan, "estimated_usd");
        long unknown = count(plan, "unknown_price");
        String known = price == null ? "not known" : Money.exact(price);
        return known + (unknown == 0 ? "" : ", and nobody knows that of " + Counted.of(unknown, "job"));
    }

    /** What is missing, and what comes of that; empty when nothing is. */
    static String enough(@Nullable BigDecimal price, @Nullable BigDecimal limit) {
        return price != null && limit != null && price.compareTo(limit) > 0
                ? ": " + Money.exact(price.subtract(limit)) + " short; what it does not cover is held"
                : "";
    }

    private static long changed(JsonNode plan) {
        return count(plan, "new") + count(plan, "changed") + count(plan, "retake");
    }

    private static long count(JsonNode json, String field) {
        Long count = Json.whole(json, field);
        return count == null ? 0 : count;
    }

    private void line(String text) {
        out.println(Printable.line(text));
    }
}
