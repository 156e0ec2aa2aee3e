package io.wavequeue.simulator.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** What came of the checks so far, as a table or as JSON. */
final class Report {
    private final List<Line> lines = new ArrayList<>();

    private record Line(Check check, Result result) {}

    /** Takes a result and says its line of the table. */
    String add(Check check, Result result) {
        lines.add(new Line(check, result));
        Question question = check.question();
        return "%-8s%-6s%-4s%-56s%s"
                .formatted(
                        result.word(),
                        check.paid() ? "paid" : "free",
                        question == null ? "" : "Q" + question.number(),
                        check.name(),
                        result.text());
    }

    boolean hasFailures() {
        return lines.stream().anyMatch(line -> line.result() instanceof Result.Failed);
    }

    /** The open questions with their answers. */
    String questions() {
        StringBuilder text = new StringBuilder("Open questions\n");
        for (Question question : Question.values()) {
            text.append("%2d. %s%n".formatted(question.number(), question.text()));
            List<Line> answers = answers(question);
            answers.forEach(line -> text.append(
                    "    %s (%s)%n".formatted(line.result().text(), line.check().name())));
            if (answers.isEmpty() || question == Question.WEBHOOKS) {
                text.append("    %snot asked: it takes %s%n"
                        .formatted(answers.isEmpty() ? "" : "the rest was ", question.needs()));
            }
        }
        return text.toString();
    }

    private List<Line> answers(Question question) {
        return lines.stream()
                .filter(line -> line.check().question() == question && line.result() instanceof Result.Answered)
                .toList();
    }

    ObjectNode json(Options options, BigDecimal estimate, BigDecimal spent) {
        ObjectNode json = Json.object();
        json.put("base_url", options.baseUrl()).put("paid", options.paid());
        json.put("estimated_usd", estimate).put("max_usd", options.maxUsd()).put("spent_usd", spent);
        ArrayNode checks = json.putArray("checks");
        for (Line line : lines) {
            Question question = line.check().question();
            ObjectNode check = checks.addObject();
            check.put("name", line.check().name()).put("paid", line.check().paid());
            check.put("estimate_usd", line.check().estimateUsd());
            check.put("question", question == null ? null : question.number());
            check.put("result", line.result().word().toLowerCase(java.util.Locale.ROOT));
            if (line.result() instanceof Result.Failed(String expected, String seen)) {
                check.put("expected", expected).put("seen", seen);
            } else {
                check.put("text", line.result().text());
            }
        }
        ArrayNode questions = json.putArray("questions");
        for (Question question : Question.values()) {
            ObjectNode asked = questions.addObject();
            asked.put("number", question.number()).put("question", question.text());
            ArrayNode answers = asked.putArray("answers");
            answers(question).forEach(line -> answers.add(line.result().text()));
            asked.put("needs", question.needs());
        }
        return json.put("passed", !hasFailures());
    }
}
