package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Job;
import io.wavequeue.cli.screen.Money;
import io.wavequeue.cli.screen.Printable;
import io.wavequeue.cli.screen.Seconds;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One job for people: what is known, and nothing that is not. */
final class JobText {

    private final List<String> lines = new ArrayList<>();

    private JobText() {}

    static List<String> of(JsonNode json) {
        JobText text = new JobText();
        text.add(Job.of(json));
        return text.lines;
    }

    private void add(Job job) {
        line("job", job.id());
        line("reference", job.text("reference"));
        line("model", job.model());
        line("lane", job.text("lane"));
        line("status", status(job));
        line("reason", job.error() == null ? null : String.valueOf(job.error()));
        line("cost", cost(job));
        line("times", times(job));
        line("replays", job.text("replay_note"));
        job.json()
                .path("replays")
                .forEach(replay -> line("replay " + replay.path("number").asText(), replay(replay)));
        job.attempts().forEach(attempt -> line("attempt " + attempt.number(), attempt(attempt)));
        job.outputs().forEach(output -> line("output", output(output)));
    }

    private static String status(Job job) {
        String hold = job.text("hold_reason");
        String cancel = "true".equals(job.text("cancel_requested")) && !job.terminal() ? ", to be cancelled" : "";
        return job.status() + (hold == null ? "" : " (" + hold + ")") + cancel;
    }

    private static String cost(Job job) {
        return "estimated " + usd(job, "estimated_usd") + ", charged " + usd(job, "charged_usd") + ", refunded "
                + usd(job, "refunded_usd");
    }

    private static String usd(Job job, String field) {
        var amount = job.cost(field);
        return amount == null ? "unknown" : Money.exact(amount);
    }

    private static @Nullable String times(Job job) {
        List<String> parts = new ArrayList<>();
        for (String stage : List.of("queued", "submit", "running", "inference", "detect", "total")) {
            Long millis = job.millis(stage + "_ms");
            if (millis != null) {
                parts.add(stage + " " + Seconds.column(millis) + " s");
            }
        }
        return parts.isEmpty() ? null : String.join(", ", parts);
    }

    /** What it had been before, since what it is now stands above. */
    private static String replay(JsonNode replay) {
        Job.Problem error = Job.problem(replay.path("error"));
        return replay.path("at").asText()
                + (error == null ? "" : ", after " + error)
                + (replay.path("input").isObject() ? ", with another input than before" : "");
    }

    private static String attempt(Job.Attempt attempt) {
        String prediction = attempt.predictionId() == null ? "" : ", prediction " + attempt.predictionId();
        String charged = attempt.chargedUsd() == null ? "" : ", charged " + Money.exact(attempt.chargedUsd());
        String error = attempt.error() == null ? "" : ", " + attempt.error();
        return attempt.status() + prediction + charged + error;
    }

    private static String output(Job.Output output) {
        return output.file() == null
                ? "not archived yet"
                : output.file() + ", " + output.bytes() + " bytes, sha256 " + output.sha256();
    }

    private void line(String name, @Nullable String value) {
        if (value != null) {
            lines.add(String.format("%-10s ", name) + Printable.line(value));
        }
    }
}
