package io.wavequeue.simulator.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.simulator.conformance.Result.Answered;
import io.wavequeue.simulator.conformance.Result.Failed;
import io.wavequeue.simulator.conformance.Result.Passed;
import io.wavequeue.simulator.conformance.Result.Skipped;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Free checks of what surrounds the predictions: billing, usage, webhook secret, calls of the older documents. */
final class AccountChecks {
    private static final String ABSENT = "the server does not have it (404)";
    private static final Instant LONG_AGO = Instant.parse("2000-01-01T00:00:00Z");

    private final Pace pace;

    AccountChecks(Pace pace) {
        this.pace = pace;
    }

    List<Check> list() {
        return List.of(
                Check.free("usage of 31 days", this::usage),
                Check.free("webhook secret", Question.WEBHOOKS, AccountChecks::webhookSecret),
                Check.free("calls of the older documents", AccountChecks::olderCalls));
    }

    /** Those that see more after the others: charges, if there were any, and how often a limit was hit. */
    List<Check> last() {
        return List.of(
                Check.free("billing search", Question.BILLING_TIMES, this::billing),
                Check.free("429 among all answers", Question.RETRY_AFTER, AccountChecks::throttles));
    }

    private Result billing(Probe probe) throws NoAnswerException, InterruptedException {
        Answer first = search(probe, Json.object());
        if (first.status() == 404) {
            return new Skipped(ABSENT);
        }
        if (!first.isSuccess() || !first.data().path("items").isArray()) {
            return new Failed("data.items, an array", first.shown());
        }
        String iso = taken(probe, Instant::toString);
        String epoch = taken(probe, time -> Long.toString(time.toEpochMilli()));
        return new Answered("ISO-8601: " + iso + "; epoch milliseconds: " + epoch);
    }

    /** Whether times written so are taken, and heeded: the year 2000 must be empty. */
    private String taken(Probe probe, Function<Instant, String> written)
            throws NoAnswerException, InterruptedException {
        Answer past = search(probe, between(LONG_AGO, LONG_AGO.plus(Duration.ofDays(1)), written));
        if (!past.isSuccess()) {
            return "refused, " + past.shown();
        }
        if (!past.data().path("items").isEmpty()) {
            return "not heeded, the year 2000 is not empty";
        }
        Instant now = pace.now().truncatedTo(ChronoUnit.SECONDS);
        Answer recent = search(probe, between(now.minus(Duration.ofDays(30)), now.plus(Duration.ofDays(1)), written));
        if (!recent.isSuccess()) {
            return "refused, " + recent.shown();
        }
        int rows = recent.data().path("items").size();
        return rows == 0 ? "accepted, though no row of 30 days proves it" : "accepted, with rows of 30 days";
    }

    private static ObjectNode between(Instant start, Instant end, Function<Instant, String> written) {
        return Json.object().put("start_time", written.apply(start)).put("end_time", written.apply(end));
    }

    private static Answer search(Probe probe, ObjectNode filter) throws NoAnswerException, InterruptedException {
        return probe.post("billings/search", filter.put("page", 1).put("page_size", 10));
    }

    /**
     * What the bill has for a prediction.
     *
     * @param first of its rows of charges
     * @param usd what they add up to
     */
    record Billed(JsonNode first, int rows, BigDecimal usd) {
        boolean hasPrice() {
            return first.path("price").isNumber();
        }
    }

    /** The charges of a prediction: null when there are none, or no such call. */
    static @Nullable Billed billed(Probe probe, String prediction) throws NoAnswerException, InterruptedException {
        ObjectNode filter = Json.object();
        filter.putArray("prediction_uuids").add(prediction);
        Answer answer = search(probe, filter);
        List<JsonNode> rows = new ArrayList<>();
        for (JsonNode row : answer.data().path("items")) {
            if (row.path("prediction").path("uuid").asText().equals(prediction)
                    && row.path("billing_type").asText("deduct").equals("deduct")) {
                rows.add(row);
            }
        }
        return rows.isEmpty()
                ? null
                : new Billed(
                        rows.getFirst(),
                        rows.size(),
                        rows.stream()
                                .map(row -> row.path("price").decimalValue())
                                .reduce(BigDecimal.ZERO, BigDecimal::add));
    }

    private Result usage(Probe probe) throws NoAnswerException, InterruptedException {
        Instant now = pace.now().truncatedTo(ChronoUnit.SECONDS);
        Answer answer = probe.post("user/usage_stats", between(now.minus(Duration.ofDays(31)), now, Instant::toString));
        if (answer.status() == 404) {
            return new Skipped(ABSENT);
        }
        JsonNode data = answer.data();
        return answer.isSuccess()
                        && data.path("per_model_usage").isArray()
                        && data.path("daily_usage").isArray()
                        && data.path("summary").isObject()
                ? new Passed("per model, daily, and a summary")
                : new Failed("per_model_usage, daily_usage and summary", answer.shown());
    }

    /** The secret itself is shown by none of these texts. */
    private static Result webhookSecret(Probe probe) throws NoAnswerException, InterruptedException {
        Answer answer = probe.get("webhook/secret");
        if (answer.status() == 404) {
            return new Skipped(ABSENT);
        }
        String secret = answer.data().path("secret").asText();
        if (!answer.isSuccess() || !secret.startsWith("whsec_")) {
            return new Failed(
                    "data.secret, beginning with whsec_",
                    "HTTP " + answer.status() + (secret.isEmpty() ? " without a secret" : " with another beginning"));
        }
        return new Answered("whsec_ and " + (secret.length() - "whsec_".length())
                + " characters for this key; compare with another key's to learn the scope");
    }

    private static Result olderCalls(Probe probe) throws NoAnswerException, InterruptedException {
        List<String> seen = new ArrayList<>();
        for (String path : List.of("account/balance", "account/billings", "account/usage", "predictions")) {
            seen.add("GET " + path + " " + probe.get(path).status());
        }
        ObjectNode quote = Json.object().put("model_id", "stability-ai/stable-audio-3/music");
        quote.putObject("inputs").put("prompt", "a short bell");
        seen.add("POST model/pricing " + probe.post("model/pricing", quote).status());
        String text = String.join(", ", seen);
        return text.matches(".* 5\\d\\d.*") ? new Failed("no 5xx", text) : new Answered(text);
    }

    private static Result throttles(Probe probe) {
        return probe.throttles().isEmpty()
                ? new Skipped("none of " + probe.answers() + " answers was a 429")
                : new Answered("there were 429s " + String.join(" and ", probe.throttles()));
    }
}
