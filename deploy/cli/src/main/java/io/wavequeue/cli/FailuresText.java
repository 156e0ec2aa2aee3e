package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Json;
import io.wavequeue.cli.screen.Counted;
import io.wavequeue.cli.screen.Money;
import io.wavequeue.cli.screen.Terminal;
import io.wavequeue.cli.screen.TextTable;
import io.wavequeue.cli.screen.TextTable.Column;
import io.wavequeue.cli.screen.Times;
import java.util.ArrayList;
import java.util.List;

/** The answer of {@code GET /v1/failures} as a table. */
final class FailuresText {

    /** What stands before a line below a row. */
    private static final int INDENT = 2;

    /** The error of jobs that were given up while nobody knew whether they were charged. */
    private static final String IN_DOUBT = "uncertain_submission";

    private final Terminal terminal;
    private final List<String> filter;

    /** @param filter the words that selected the jobs, for the command that is suggested */
    FailuresText(Terminal terminal, List<String> filter) {
        this.terminal = terminal;
        this.filter = filter;
    }

    List<String> of(JsonNode failures) {
        JsonNode groups = failures.path("items");
        if (groups.isEmpty()) {
            return List.of("nothing has failed");
        }
        TextTable table = new TextTable(List.of(
                Column.left("fingerprint"),
                Column.right("jobs"),
                Column.left("error class"),
                Column.left("model"),
                Column.right("now USD"),
                Column.right("paid USD")));
        groups.forEach(group -> group(table, group));
        JsonNode total = failures.path("total");
        long all = total.path("groups").asLong();
        row(table.rule(), Counted.of(all, "group"), "", "", total);
        List<String> lines = new ArrayList<>(table.lines());
        long unknown = total.path("unknown_price").asLong();
        if (unknown > 0) {
            lines.add("the price now of " + Counted.of(unknown, "job") + " is not known");
        }
        if (all > groups.size()) {
            lines.add("%,d more; --limit shows them".formatted(all - groups.size()));
        }
        lines.add("");
        lines.add("Replay a group, after a look at what that costs, with:");
        lines.add("  wavequeue replay " + suggested(groups));
        return lines;
    }

    private void group(TextTable table, JsonNode group) {
        row(table, text(group, "fingerprint"), text(group, "error_class"), text(group, "model"), group);
        note(table, text(group, "message"));
        note(table, Times.minute(text(group, "first_seen")) + " to " + Times.minute(text(group, "last_seen")));
        JsonNode example = group.path("example");
        String reference = Json.text(example, "reference");
        note(table, "such as job " + text(example, "id") + (reference == null ? "" : ", " + reference));
        String replays = replays(group);
        if (!replays.isEmpty()) {
            note(table, replays);
        }
    }

    private static String replays(JsonNode group) {
        List<String> parts = new ArrayList<>();
        String note = Json.text(group, "note");
        if (note != null) {
            parts.add(note);
        }
        long parked = group.path("parked").asLong();
        if (parked > 0) {
            parts.add("%,d parked: replayed as often as they may be".formatted(parked));
        }
        return String.join("; ", parts);
    }

    private static void row(TextTable table, String name, String errorClass, String model, JsonNode sums) {
        table.row(
                name,
                "%,d".formatted(sums.path("jobs").asLong()),
                errorClass,
                model,
                Money.column(Json.usd(sums, "estimated_usd")),
                Money.column(Json.usd(sums, "charged_usd")));
    }

    /** A line below the row, as long as the terminal is wide; whole where there is no terminal. */
    private void note(TextTable table, String text) {
        int room = terminal.columns() - INDENT;
        boolean fits = !terminal.live() || text.length() <= room;
        table.note(fits ? text : text.substring(0, room - 1) + "…");
    }

    /** The first group that may succeed as it is; where none may, one and what it needs. */
    private String suggested(JsonNode groups) {
        JsonNode group = groups.valueStream()
                .filter(one -> needed(one).isEmpty())
                .findFirst()
                .orElse(groups.get(0));
        List<String> words = new ArrayList<>(filter);
        words.add("--fingerprint");
        words.add(text(group, "fingerprint"));
        return ShellWord.joined(words) + needed(group);
    }

    /** The words without which a replay would leave the group alone, or would only cost again; empty = none. */
    private static String needed(JsonNode group) {
        boolean inDoubt = IN_DOUBT.equals(text(group, "error_class"));
        boolean wantsAnotherInput = !inDoubt
                && (areAll(group, "same_error") || !group.path("retryable").asBoolean());
        return (inDoubt ? " --force may_be_charged" : "")
                + (areAll(group, "parked") ? " --force parked" : "")
                + (wantsAnotherInput ? " --set FIELD=VALUE" : "");
    }

    private static boolean areAll(JsonNode group, String count) {
        long jobs = group.path("jobs").asLong();
        return jobs > 0 && group.path(count).asLong() == jobs;
    }

    private static String text(JsonNode json, String field) {
        String text = Json.text(json, field);
        return text == null ? "-" : text;
    }
}
