package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.BulkKind;
import io.wavequeue.cli.client.BulkRun;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.screen.Counted;
import io.wavequeue.cli.screen.Money;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.screen.Seconds;
import io.wavequeue.cli.screen.TextTable;
import io.wavequeue.cli.screen.TextTable.Column;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A dry run for people: how many jobs, why they failed, what they cost now, and which are left alone. */
final class BulkPlanText {

    private static final int REFUSED_SHOWN = 20;
    private static final int SECONDS_IN_A_MINUTE = 60;

    private final BulkRun plan;
    private final List<String> lines = new ArrayList<>();

    private BulkPlanText(BulkRun plan) {
        this.plan = plan;
    }

    /** @param request what was asked for, and is confirmed with it */
    static List<String> of(BulkRun plan, JsonNode request) {
        BulkPlanText text = new BulkPlanText(plan);
        text.lines.add(plan.matched() == 0 ? "no job matches" : text.counts());
        text.classes();
        text.models();
        text.block(SkipText.lines(plan));
        text.block(refused(plan));
        text.block(text.again());
        text.block(text.confirmed(request));
        return text.lines;
    }

    /** What it costs now; null where it costs nothing by its kind. */
    static @Nullable String price(BulkRun plan) {
        BigDecimal known = plan.estimatedUsd();
        boolean free = known == null || known.signum() == 0;
        return plan.due() == 0 || (plan.kind() != BulkKind.REPLAY && free) ? null : PlanPrinter.price(plan.json());
    }

    private String counts() {
        long left = plan.leftAlone();
        return Counted.of(plan.matched(), "job")
                + (plan.matched() == 1 ? " matches" : " match")
                + (left == 0
                        ? ""
                        : ", %,d to be %s, %,d left alone"
                                .formatted(plan.due(), plan.kind().done(), left));
    }

    private void classes() {
        var classes = plan.counts("by_error_class");
        if (!classes.isEmpty()) {
            TextTable table = new TextTable(List.of(Column.left("error class"), Column.right("jobs")));
            classes.forEach((name, jobs) -> table.row(name, "%,d".formatted(jobs)));
            block(table.lines());
        }
    }

    private void models() {
        JsonNode models = plan.json().path("by_model");
        if (models.isEmpty()) {
            return;
        }
        TextTable table = new TextTable(List.of(Column.left("model"), Column.right("jobs"), Column.right("price USD")));
        for (JsonNode model : models) {
            table.row(
                    model.path("model").asText(),
                    "%,d".formatted(model.path("jobs").asLong()),
                    Money.column(Json.usd(model, "estimated_usd")));
            long unknown = model.path("unknown_price").asLong();
            if (unknown > 0) {
                table.note("the price of " + Counted.of(unknown, "job") + " is not known");
            }
        }
        block(table.lines());
    }

    /** What replaying them came to the last time. */
    private List<String> again() {
        long again = plan.count("failed_again");
        return again == 0
                ? List.of()
                : List.of("%,d of %,d failed the same way after their last replay".formatted(again, plan.matched()));
    }

    /** What the person says yes to, beside the jobs. */
    private List<String> confirmed(JsonNode request) {
        List<String> lines = new ArrayList<>();
        if (plan.matched() == 0) {
            return lines;
        }
        JsonNode overrides = request.path("input_overrides");
        add(lines, "overrides", overrides.isMissingNode() ? null : overrides.toString());
        long rate = request.path("rate_per_minute").asLong();
        add(
                lines,
                "rate",
                rate == 0
                        ? null
                        : rate + " a minute"
                                + lasting(rate, request.path("missing").asBoolean()));
        String forced = BulkText.joined(request.path("force"));
        add(lines, "forced", forced.isEmpty() ? null : forced);
        String price = price(plan);
        add(lines, "price now", price);
        if (price != null) {
            scarce(lines, "balance", "balance_usd");
            scarce(lines, "budget", "budget_left_usd");
        }
        return lines;
    }

    /** @param missing whether a stopped batch goes on with it, and at once what waits for that alone */
    private String lasting(long perMinute, boolean missing) {
        long seconds = Math.ceilDiv(plan.due() * SECONDS_IN_A_MINUTE, perMinute);
        return plan.due() == 0
                ? ""
                : (missing ? ": at most " : ": about ") + Seconds.about(seconds) + " for "
                        + Counted.of(plan.due(), "job")
                        + (missing ? " (what only waits for its batch goes at once)" : "");
    }

    /** What there is to pay it with, where that is not enough. */
    private void scarce(List<String> lines, String name, String field) {
        BigDecimal left = Json.usd(plan.json(), field);
        String missing = PlanPrinter.enough(plan.estimatedUsd(), left);
        add(lines, name, left == null || missing.isEmpty() ? null : Money.exact(left) + " left" + missing);
    }

    private static void add(List<String> lines, String name, @Nullable String value) {
        if (value != null) {
            lines.add("%-9s  ".formatted(name) + value);
        }
    }

    /** Records of the topic that are no jobs. */
    private static List<String> refused(BulkRun plan) {
        JsonNode refused = plan.json().path("refused");
        List<String> lines = new ArrayList<>();
        for (JsonNode record : refused) {
            if (lines.size() == REFUSED_SHOWN) {
                break;
            }
            String message = Json.text(record, "message");
            lines.add("  " + record.path("key").asText() + "  "
                    + (message == null ? record.path("reason").asText() : message));
        }
        if (!lines.isEmpty()) {
            lines.addFirst(
                    Counted.of(plan.refused(), "record") + (plan.refused() == 1 ? " is no job:" : " are no jobs:"));
        }
        long more = plan.refused() - Math.min(refused.size(), REFUSED_SHOWN);
        if (more > 0) {
            lines.add("  and %,d more".formatted(more)
                    + (refused.size() > REFUSED_SHOWN ? "; --json has the first 100" : ""));
        }
        return lines;
    }

    private void block(List<String> block) {
        if (!block.isEmpty()) {
            lines.add("");
            block.forEach(line -> lines.add(Printable.line(line)));
        }
    }
}
