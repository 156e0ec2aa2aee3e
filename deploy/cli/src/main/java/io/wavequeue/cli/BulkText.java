package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.BulkKind;
import io.wavequeue.cli.client.BulkRun;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.screen.Counted;
import io.wavequeue.cli.screen.Money;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.screen.TextTable;
import io.wavequeue.cli.screen.TextTable.Column;
import io.wavequeue.cli.screen.Times;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Replays and their like for people. */
final class BulkText {

    private final BulkRun run;
    private final List<String> lines = new ArrayList<>();

    private BulkText(BulkRun run) {
        this.run = run;
    }

    /** One of them, with all that was said when it was made. */
    static List<String> of(BulkRun run) {
        BulkText text = new BulkText(run);
        text.line(run.kind().word(), run.id());
        text.line("status", run.status());
        text.line("jobs", text.counts());
        text.line("became", text.outcomes());
        text.line("planned", BulkPlanText.price(run));
        text.line("charged", text.charged());
        text.line("before", text.classes());
        text.line(
                "refused",
                run.refused() == 0 ? null : Counted.of(run.refused(), "record") + " of the topic became no jobs");
        text.given();
        text.line("by", run.text("requested_by"));
        text.line("note", run.text("note"));
        text.line("created", second(run.text("created_at")));
        text.line("ended", run.text("ended_at") == null ? null : second(run.text("ended_at")));
        text.lines.addAll(SkipText.lines(run));
        return text.lines;
    }

    /** How it ended, or stands, in a line. */
    static String summary(BulkRun run) {
        BulkText text = new BulkText(run);
        String outcomes = text.outcomes();
        String charged = text.charged();
        return run.kind().word() + " " + run.id()
                + ": %,d of %,d %s"
                        .formatted(run.done(), run.matched(), run.kind().done())
                + (outcomes == null ? "" : "; " + outcomes)
                + (charged == null ? "" : "; charged " + charged)
                + (run.status().equals("aborted") ? "; aborted" : "");
    }

    static List<String> list(BulkKind kind, JsonNode page) {
        TextTable table = new TextTable(List.of(
                Column.left(kind.word()),
                Column.left("status"),
                Column.right("jobs"),
                Column.right(kind.done()),
                Column.right("left alone"),
                Column.left("created"),
                Column.left("by"),
                Column.left("note")));
        for (JsonNode json : page.path("items")) {
            BulkRun run = BulkRun.of(kind, json);
            table.row(
                    run.id(),
                    run.status(),
                    "%,d".formatted(run.matched()),
                    "%,d".formatted(run.done()),
                    "%,d".formatted(run.leftAlone()),
                    second(run.text("created_at")),
                    shown(run.text("requested_by")),
                    shown(run.text("note")));
        }
        return more(table.lines(), page);
    }

    static List<String> jobs(JsonNode page) {
        TextTable table = new TextTable(List.of(
                Column.left("job"),
                Column.left("reference"),
                Column.left("model"),
                Column.left("outcome"),
                Column.left("is now")));
        for (JsonNode job : page.path("items")) {
            table.row(
                    job.path("job_id").asText(),
                    shown(Json.text(job, "reference")),
                    shown(Json.text(job, "model")),
                    job.path("outcome").asText(),
                    shown(Json.text(job, "status")));
            String message = Json.text(job, "message");
            if (message != null) {
                table.note(ApiWords.translated(message));
            }
        }
        return more(table.lines(), page);
    }

    private static List<String> more(List<String> lines, JsonNode page) {
        if (Json.text(page, "next_cursor") != null) {
            lines.add("and more; --limit lists them");
        }
        return lines;
    }

    private String counts() {
        return "%,d matched, %,d %s, %,d left alone, %,d waiting"
                .formatted(run.matched(), run.done(), run.kind().done(), run.leftAlone(), run.waiting());
    }

    private @Nullable String outcomes() {
        if (!run.json().path("outcomes").isObject() || run.done() == 0) {
            return null;
        }
        long same = run.count("same_error");
        List<String> parts = new ArrayList<>();
        parts.add("%,d succeeded".formatted(run.outcome("succeeded")));
        parts.add("%,d failed".formatted(run.outcome("failed"))
                + (same == 0 ? "" : " (%,d with the same error)".formatted(same)));
        for (String state : List.of("cancelled", "held", "under_way")) {
            if (run.outcome(state) > 0) {
                parts.add("%,d %s".formatted(run.outcome(state), state.replace('_', ' ')));
            }
        }
        return String.join(", ", parts);
    }

    private @Nullable String charged() {
        BigDecimal charged = Json.usd(run.json(), "charged_usd");
        return charged == null ? null : Money.exact(charged) + " so far";
    }

    /** Words of a list, as people list them. */
    static String joined(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).collect(Collectors.joining(", "));
    }

    private @Nullable String classes() {
        String classes = run.counts("by_error_class").entrySet().stream()
                .map(one -> "%,d %s".formatted(one.getValue(), one.getKey()))
                .collect(Collectors.joining(", "));
        return classes.isEmpty() ? null : classes;
    }

    private void given() {
        boolean letters = "dead_letters".equals(run.text("source"));
        boolean missing = run.json().path("missing").asBoolean();
        line("from", letters ? "the dead letters of the topic" : null);
        line("only", missing ? "what the batch misses" : null);
        line("decision", run.text("decision"));
        line("filter", object("filter"));
        line("overrides", object("input_overrides"));
        line("rate", run.text("rate_per_minute") == null ? null : run.text("rate_per_minute") + " a minute");
        String forced = joined(run.json().path("force"));
        line("forced", forced.isEmpty() ? null : forced);
    }

    private @Nullable String object(String field) {
        JsonNode value = run.json().path(field);
        return value.isObject() ? value.toString() : null;
    }

    private static String second(@Nullable String time) {
        return time == null ? "-" : Times.second(time);
    }

    private static String shown(@Nullable String text) {
        return text == null ? "-" : text;
    }

    private void line(String name, @Nullable String value) {
        if (value != null) {
            lines.add(Printable.line("%-12s ".formatted(name) + value));
        }
    }
}
