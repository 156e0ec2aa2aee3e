package io.wavequeue.simulator.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.catalogue.Catalogue;
import io.wavequeue.simulator.conformance.Purse.Payment;
import io.wavequeue.simulator.conformance.Result.Answered;
import io.wavequeue.simulator.conformance.Result.Failed;
import io.wavequeue.simulator.conformance.Result.Passed;
import io.wavequeue.simulator.conformance.Result.Skipped;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A handful of submits, and what can be seen of them afterwards. */
final class PaidChecks {
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Set<String> TERMINAL = Set.of("completed", "failed", "cancelled", "timeout", "deleted");
    private static final Skipped NOTHING_MADE = new Skipped("no prediction was made to look at");

    private final Catalogue catalogue;
    private final Clip clip;
    private final Purse purse;
    private final Pace pace;
    private @Nullable Song song;
    private @Nullable JsonNode historyItem;
    private @Nullable String output;

    /** The music prediction that most checks look at. */
    private record Song(String id, Purse.Price price, Instant acceptedAt) {}

    PaidChecks(Catalogue catalogue, Clip clip, Purse purse, Pace pace) {
        this.catalogue = catalogue;
        this.clip = clip;
        this.purse = purse;
        this.pace = pace;
    }

    List<Check> list() {
        BigDecimal music = FreeChecks.listed(catalogue, FreeChecks.MUSIC);
        BigDecimal outpaint = FreeChecks.listed(catalogue, FreeChecks.ACE_STEP).multiply(Clip.mostSeconds());
        BigDecimal nothing = BigDecimal.ZERO;
        return List.of(
                Check.paid("submit to a model that is none", null, nothing, this::unknownModel),
                Check.paid("submit without a prompt", null, music, this::withoutPrompt),
                Check.paid("submit 1 s of music", Question.SUBMIT_STATUS, music, this::submitMusic),
                Check.paid("its billing row at once", null, nothing, this::billedAtOnce),
                Check.paid("its way into the history", Question.HISTORY_LAG, nothing, this::historyLag),
                Check.paid("its input in the history", Question.HISTORY_INPUT, nothing, this::inputInHistory),
                Check.paid("its end", null, nothing, this::end),
                Check.paid("its billing row afterwards", null, nothing, this::billedAfterwards),
                Check.paid("its output, opened without the key", null, nothing, this::openOutput),
                Check.paid("ACE-Step outpaint", Question.ACE_STEP_SECONDS, outpaint, this::outpaint));
    }

    private Result unknownModel(Probe probe) throws InterruptedException {
        String expected = "HTTP 404 with code and message";
        return switch (purse.unquoted(
                probe,
                "stability-ai/stable-audio-3/no-such-model",
                Json.object().put("prompt", "a short bell"))) {
            case Payment.Refused(Answer answer) ->
                answer.isProblem(404) ? new Passed(answer.shown()) : new Failed(expected, answer.shown());
            case Payment.Accepted accepted -> new Failed(expected, "accepted and charged as " + accepted.id());
            case Payment.Unknown(String seen) -> new Failed(expected, seen);
            case Payment.NotSent(String why) -> new Skipped(why);
        };
    }

    private Result withoutPrompt(Probe probe) throws NoAnswerException, InterruptedException {
        return switch (purse.submit(probe, FreeChecks.MUSIC, Json.object().put("duration", 1))) {
            case Payment.Refused(Answer answer) ->
                answer.isProblem(400)
                        ? new Passed(answer.shown())
                        : new Failed("HTTP 400 with code and message", answer.shown());
            case Payment.Accepted accepted -> new Failed("HTTP 400", "accepted and charged as " + accepted.id());
            case Payment.Unknown(String seen) -> new Failed("HTTP 400", seen);
            case Payment.NotSent(String why) -> new Skipped(why);
        };
    }

    private Result submitMusic(Probe probe) throws NoAnswerException, InterruptedException {
        return switch (purse.submit(
                probe,
                FreeChecks.MUSIC,
                Json.object().put("prompt", "a short bell").put("duration", 1))) {
            case Payment.Accepted(String id, Purse.Price price, Answer answer) -> {
                song = new Song(id, price, pace.now());
                JsonNode data = answer.data();
                yield new Answered(data.path("status").asText("none") + "; outputs "
                        + data.path("outputs").size() + ", urls.get "
                        + (data.path("urls").path("get").asText().endsWith("/" + id + "/result")
                                ? "ends in /result"
                                : data.path("urls").path("get").asText("absent"))
                        + ", input " + (data.has("input") ? "there" : "absent") + ", id of " + id.length()
                        + " characters");
            }
            case Payment.Refused(Answer answer) -> new Failed("a prediction", answer.shown());
            case Payment.Unknown(String seen) -> new Failed("a prediction", seen + "; it may be charged");
            case Payment.NotSent(String why) -> new Skipped(why);
        };
    }

    private Result billedAtOnce(Probe probe) throws NoAnswerException, InterruptedException {
        Song made = song;
        if (made == null) {
            return NOTHING_MADE;
        }
        AccountChecks.Billed billed = billed(probe, made.id());
        return billed == null ? new Answered("no row yet, or no billing search") : new Answered(rowText(billed));
    }

    private Result billedAfterwards(Probe probe) throws NoAnswerException, InterruptedException {
        Song made = song;
        if (made == null) {
            return NOTHING_MADE;
        }
        AccountChecks.Billed billed = billed(probe, made.id());
        if (billed == null) {
            return new Skipped("no row, or no billing search");
        }
        return billed.usd().compareTo(made.price().due()) == 0
                        || billed.usd().compareTo(made.price().listed()) == 0
                ? new Passed(rowText(billed))
                : new Failed("the quoted " + Usd.text(made.price().due()), rowText(billed));
    }

    /** What the bill has for a prediction, which the purse learns too; null when it has nothing. */
    private AccountChecks.@Nullable Billed billed(Probe probe, String id)
            throws NoAnswerException, InterruptedException {
        AccountChecks.Billed billed = AccountChecks.billed(probe, id);
        if (billed != null) {
            purse.charged(id, billed.usd());
        }
        return billed;
    }

    private static String rowText(AccountChecks.Billed billed) {
        JsonNode row = billed.first();
        return (billed.rows() == 1 ? "" : billed.rows() + " rows, ")
                + row.path("billing_type").asText("row") + " of "
                + (billed.hasPrice() ? Usd.text(billed.usd()) : "no price") + ", order "
                + row.path("order").path("state").asText("without state");
    }

    private Result historyLag(Probe probe) throws NoAnswerException, InterruptedException {
        Song made = song;
        if (made == null) {
            return NOTHING_MADE;
        }
        Duration before = Duration.ZERO;
        while (true) {
            Duration after = Duration.between(made.acceptedAt(), pace.now());
            Answer page = probe.post("predictions", Json.object().put("page", 1).put("page_size", 20));
            for (JsonNode item : page.data().path("items")) {
                if (item.path("id").asText().equals(made.id())) {
                    historyItem = item;
                    return new Answered("listed between " + seconds(before) + " and " + seconds(after)
                            + " s after the submit's answer");
                }
            }
            if (!page.isSuccess() || after.compareTo(PATIENCE) >= 0) {
                return new Failed("to be listed within " + PATIENCE.toMinutes() + " min", page.shown());
            }
            before = after;
            pace.pause(INTERVAL);
        }
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString();
    }

    private Result inputInHistory(Probe probe) {
        JsonNode item = historyItem;
        return item == null ? NOTHING_MADE : new Answered(FreeChecks.inputOf(item));
    }

    private Result end(Probe probe) throws NoAnswerException, InterruptedException {
        Song made = song;
        if (made == null) {
            return NOTHING_MADE;
        }
        Ending ending = await(probe, made.id());
        output = ending.last().data().path("outputs").path(0).asText();
        return ending.completed()
                ? new Passed(ending.told())
                : new Failed("completed", ending.told() + ", " + ending.last().shown());
    }

    /** The last answer of a prediction's polls, and what they showed one after the other. */
    private record Ending(Answer last, String told) {
        boolean completed() {
            return last.data().path("status").asText().equals("completed");
        }
    }

    private Ending await(Probe probe, String id) throws NoAnswerException, InterruptedException {
        Instant start = pace.now();
        Set<String> seen = new LinkedHashSet<>();
        while (true) {
            Answer answer = probe.get("predictions/" + id + "/result");
            String status = answer.data().path("status").asText();
            seen.add(status.isEmpty() ? "HTTP " + answer.status() : status);
            Duration waited = Duration.between(start, pace.now());
            if (TERMINAL.contains(status) || waited.compareTo(PATIENCE) >= 0) {
                return new Ending(answer, String.join(", ", seen) + " after " + seconds(waited) + " s");
            }
            pace.pause(INTERVAL);
        }
    }

    private Result openOutput(Probe probe) throws NoAnswerException, InterruptedException {
        String url = output;
        if (url == null || url.isEmpty()) {
            return new Skipped("there is no output");
        }
        Answer file = probe.open(url);
        String seen = file.body().length + " bytes of " + file.header("Content-Type") + " from "
                + URI.create(url).getHost();
        return file.status() == 200 && file.body().length > 0
                ? new Passed(seen)
                : new Failed("HTTP 200 with audio", "HTTP " + file.status() + " with " + seen);
    }

    private Result outpaint(Probe probe) throws NoAnswerException, InterruptedException {
        String source = clip.url();
        if (source == null) {
            return new Skipped("there is no uploaded clip to extend");
        }
        JsonNode before = probe.get("balance").data().path("balance");
        return switch (purse.submit(probe, FreeChecks.ACE_STEP, FreeChecks.aceStep(source))) {
            case Payment.Accepted accepted -> charged(probe, accepted, before);
            case Payment.Refused(Answer answer) -> new Failed("a prediction", answer.shown());
            case Payment.Unknown(String seen) -> new Failed("a prediction", seen + "; it may be charged");
            case Payment.NotSent(String why) -> new Skipped(why);
        };
    }

    /** By the billing row; where there is none, by the balance, which is right while nobody else spends. */
    private Result charged(Probe probe, Payment.Accepted accepted, JsonNode before)
            throws NoAnswerException, InterruptedException {
        JsonNode after = probe.get("balance").data().path("balance");
        Ending ending = await(probe, accepted.id());
        if (!ending.completed()) {
            return new Failed("completed", ending.told() + ", " + ending.last().shown());
        }
        BigDecimal share = accepted.price().share();
        AccountChecks.Billed billed = billed(probe, accepted.id());
        if (billed != null && billed.hasPrice()) {
            return new Answered("charged " + clip.reading(billed.usd(), share) + ", by the bill");
        }
        if (!before.isNumber() || !after.isNumber()) {
            return new Failed("a billing row or a balance", "neither");
        }
        BigDecimal fallen = before.decimalValue().subtract(after.decimalValue());
        purse.charged(accepted.id(), fallen);
        return new Answered("charged " + clip.reading(fallen, share) + ", by the balance");
    }
}
