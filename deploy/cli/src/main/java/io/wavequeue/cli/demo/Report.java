package io.wavequeue.cli.demo;

import io.wavequeue.cli.client.Job;
import io.wavequeue.cli.screen.Money;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.screen.Seconds;
import io.wavequeue.cli.screen.TextTable;
import io.wavequeue.cli.screen.TextTable.Column;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the demo says at its end: a line for each cue, why one failed, totals, and what the checks found. */
final class Report {

    private static final List<Column> COLUMNS = List.of(
            Column.left("cue"),
            Column.left("model"),
            Column.left("status"),
            Column.right("seconds"),
            Column.right("cost USD"),
            Column.left("file"));

    private final OutputFiles files;

    Report(OutputFiles files) {
        this.files = files;
    }

    /** The table, with a note below each cue that has something to explain. */
    List<String> table(List<Outcome> outcomes) {
        TextTable table = new TextTable(COLUMNS);
        for (Outcome outcome : outcomes) {
            Job job = outcome.job();
            table.row(
                    outcome.cue().reference(),
                    outcome.cue().shortModel(),
                    outcome.statusText(),
                    Seconds.column(job.millis("total_ms")),
                    Money.column(job.cost("charged_usd")),
                    file(job));
            Job.Problem error = job.error();
            if (error != null) {
                table.note((outcome.asExpected() ? "on purpose: " : "because: ") + error);
            }
        }
        return table.rule().lines();
    }

    /** The sums below the table. */
    List<String> totals(List<Outcome> outcomes, Duration took) {
        long succeeded = outcomes.stream().filter(o -> o.job().succeeded()).count();
        long planned = outcomes.stream()
                .filter(o -> o.cue().expect() instanceof Expectation.Fails && o.asExpected())
                .count();
        String purpose = planned == 0 ? "" : ", " + planned + " failed on purpose";
        Money refunded = sum(
                outcomes.stream()
                        .filter(o -> o.job().cost("refunded_usd") != null)
                        .toList(),
                "refunded_usd");
        String refund = refunded.known().signum() == 0 ? "" : ", refunded " + refunded;
        return List.of(
                succeeded + " of " + outcomes.size() + " succeeded" + purpose + " in " + Seconds.of(took),
                "estimated " + sum(outcomes, "estimated_usd") + ", charged " + sum(outcomes, "charged_usd") + refund);
    }

    /** One line for a finding, and one for each fault. */
    static List<String> finding(Finding finding) {
        return switch (finding) {
            case Finding.Good(String text) -> List.of("ok: " + text);
            case Finding.Bad(String text, List<String> faults) -> {
                List<String> lines = new ArrayList<>(List.of("NOT RIGHT: " + text));
                faults.forEach(fault -> lines.add("  " + Printable.line(fault)));
                yield lines;
            }
        };
    }

    private String file(Job job) {
        List<Job.Output> outputs = job.outputs();
        String first = outputs.isEmpty() ? null : outputs.getFirst().file();
        if (first == null) {
            return "-";
        }
        String more = outputs.size() > 1 ? " (+" + (outputs.size() - 1) + ")" : "";
        return files.shown(first) + more;
    }

    private static Money sum(List<Outcome> outcomes, String field) {
        List<@Nullable BigDecimal> amounts = new ArrayList<>();
        outcomes.forEach(outcome -> amounts.add(outcome.job().cost(field)));
        return Money.sum(amounts);
    }
}
