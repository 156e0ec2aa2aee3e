package io.wavequeue.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.BodyHash;
import io.wavequeue.simulator.account.Course;
import io.wavequeue.simulator.account.Micros;
import io.wavequeue.simulator.account.Prediction;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.simulator.account.Settings;
import io.wavequeue.simulator.account.Status;
import io.wavequeue.simulator.account.Terms;
import io.wavequeue.simulator.account.Webhook;
import io.wavequeue.simulator.audio.AudioFormat;
import io.wavequeue.simulator.catalogue.Catalogue;
import io.wavequeue.simulator.catalogue.ModelSpec;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultBook;
import io.wavequeue.simulator.fault.FaultCall;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes submits in. In this order: model, limits, inputs, balance. */
final class SubmitEndpoint {
    private static final String UNREACHABLE = ".invalid";
    private static final String BEFORE = "extend_before_duration";
    private static final long SYNC_STEP_MS = 5;
    private static final int MAX_PORT = 65_535;
    private static final Map<Integer, String> ERRORS = Map.of(
            1200, "the content was refused by moderation",
            1400, "a required parameter is missing",
            1401, "a parameter is invalid",
            1402, "the media could not be fetched",
            1403, "the task's execution failed",
            1405, "the task failed",
            5000, "internal error",
            5003, "the service is unavailable",
            5004, "the task timed out");

    private final Vertx vertx;
    private final Account account;
    private final Catalogue catalogue;
    private final Sources sources;
    private final Prices prices;
    private final FaultBook faults;
    private final PredictionJson predictions;

    SubmitEndpoint(
            Vertx vertx,
            Account account,
            Catalogue catalogue,
            Sources sources,
            Prices prices,
            FaultBook faults,
            PredictionJson predictions) {
        this.vertx = vertx;
        this.account = account;
        this.catalogue = catalogue;
        this.sources = sources;
        this.prices = prices;
        this.faults = faults;
        this.predictions = predictions;
    }

    /** Counts it as soon as it is decided: an answer that comes later, as in sync mode, frees no place in the minute. */
    Future<Reply> answer(Call call) throws BadRequest {
        ModelSpec model = catalogue.find(call.argument());
        boolean tooMany = model != null && (account.isThrottled() || account.isFull());
        account.countSubmit(tooMany);
        if (model == null) {
            return refused(404, "model \"" + call.argument() + "\" not found");
        }
        if (tooMany) {
            return Future.succeededFuture(tooMany(account));
        }
        JsonNode inputs = Json.object(call.body());
        String problem = model.problem(inputs);
        if (problem != null) {
            return refused(400, problem);
        }
        boolean beforeMissing = model.hasField(BEFORE) && !inputs.has(BEFORE);
        if (beforeMissing && account.settings().is(Setting.ACE_STEP_BEFORE, "required")) {
            return refused(400, "field \"" + BEFORE + "\" must be present");
        }
        Webhook webhook = webhook(call, inputs);
        if (webhook != null && inputs.path("enable_base64_output").asBoolean()) {
            return Future.succeededFuture(
                    Reply.json(400, Json.bytes(Map.of("error", "webhook callback does not support base64 output"))));
        }
        return pay(call, model, inputs, webhook);
    }

    private static Future<Reply> refused(int status, String problem) {
        return Future.succeededFuture(Reply.problem(status, problem));
    }

    static Reply tooMany(Account account) {
        Reply reply = Reply.problem(429, "Too Many Requests");
        return account.settings().get(Setting.RETRY_AFTER)
                ? reply.withHeader("Retry-After", Long.toString(account.secondsUntilFree()))
                : reply;
    }

    private @Nullable Webhook webhook(Call call, JsonNode inputs) throws BadRequest {
        Settings settings = account.settings();
        String url = call.parameter("webhook");
        if (url == null && settings.get(Setting.OLDER_API)) {
            url = inputs.path("webhook_url").asText(null);
        }
        if (url == null || url.isEmpty()) {
            return null;
        }
        String scheme = scheme(url);
        if (!scheme.equals("https") && (settings.get(Setting.WEBHOOK_HTTPS) || !scheme.equals("http"))) {
            throw new BadRequest("webhook must be an https URL");
        }
        if (URI.create(url).getPort() > MAX_PORT) {
            throw new BadRequest("webhook must name a port up to " + MAX_PORT);
        }
        return new Webhook(
                url,
                call.baseUrl(),
                BodyHash.of(call.key().getBytes(StandardCharsets.UTF_8)).hex());
    }

    private static String scheme(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getScheme() == null || uri.getHost() == null
                    ? ""
                    : uri.getScheme().toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private Future<Reply> pay(Call call, ModelSpec model, JsonNode inputs, @Nullable Webhook webhook) {
        BigDecimal price = prices.of(model, inputs).charged();
        if (!account.covers(price)) {
            return Future.succeededFuture(outOfCredit());
        }
        int before = account.acceptedBefore(call.marker());
        long draw = call.marker().draw(account.seed(), before);
        FaultCall chance =
                new FaultCall(call.endpoint().text(), model.id(), call.marker().hex(), draw, before, call.body());
        int charges = 1;
        FaultRule spoilt = faults.strike(FaultPhase.CHARGE, chance);
        if (spoilt != null && spoilt.action() instanceof FaultAction.Price(BigDecimal factor)) {
            price = price.multiply(factor).setScale(6, RoundingMode.HALF_UP);
        } else if (spoilt != null) {
            charges = 2;
        }
        if (!account.covers(price.multiply(BigDecimal.valueOf(charges)))) {
            return Future.succeededFuture(outOfCredit());
        }
        AudioFormat format = AudioFormat.ofExtension(model.outputFormat(inputs));
        Prediction.Submission submission = new Prediction.Submission(
                model,
                call.body(),
                call.hash(),
                call.marker(),
                price,
                format == null ? AudioFormat.MP3 : format,
                model.clipSeconds(inputs, sources.seconds(inputs)),
                inputs.path("enable_base64_output").asBoolean(),
                webhook,
                false);
        Terms terms = new Terms(
                after(FaultPhase.HISTORY, chance, 0), after(FaultPhase.REFUND, chance, Terms.AS_SET), charges);
        Prediction prediction = account.accept(
                submission,
                draw,
                course(submission, chance, inputs),
                terms.equals(Terms.NORMAL) ? Terms.NORMAL : terms);
        String server = call.baseUrl();
        return inputs.path("enable_sync_mode").asBoolean()
                ? waitFor(prediction, server)
                : Future.succeededFuture(Reply.success(json -> predictions.writeNew(json, prediction, server)));
    }

    private long after(FaultPhase phase, FaultCall chance, long otherwise) {
        FaultRule rule = faults.strike(phase, chance);
        if (rule == null) {
            return otherwise;
        }
        return rule.action() instanceof FaultAction.Omit
                ? Terms.NEVER
                : rule.delay().toMillis();
    }

    /** Sync mode: answers when the prediction has ended or the wait is over. */
    private Future<Reply> waitFor(Prediction prediction, String server) {
        Promise<Reply> answer = Promise.promise();
        if (isOver(prediction, server, answer)) {
            return answer.future();
        }
        int generation = account.generation();
        vertx.setPeriodic(SYNC_STEP_MS, timer -> {
            if (generation != account.generation()) {
                vertx.cancelTimer(timer);
                answer.complete(Reply.problem(404, "Prediction not found"));
            } else if (isOver(prediction, server, answer)) {
                vertx.cancelTimer(timer);
            }
        });
        return answer.future();
    }

    private boolean isOver(Prediction prediction, String server, Promise<Reply> answer) {
        Settings settings = account.settings();
        long waited = account.advance() - prediction.acceptedAt();
        if (prediction.endedAt() >= 0) {
            answer.complete(Reply.success(json -> predictions.writeResult(json, prediction, server)));
            return true;
        }
        if (waited < settings.get(Setting.SYNC_WAIT).toMillis() * Micros.MILLISECOND) {
            return false;
        }
        answer.complete(
                settings.is(Setting.SYNC_END, "504")
                        ? Reply.html(504)
                        : Reply.success(json -> predictions.writeTimedOut(json, prediction, server)));
        return true;
    }

    private Reply outOfCredit() {
        return switch (account.settings().get(Setting.INSUFFICIENT_BALANCE)) {
            case "1407" -> Reply.problem(400, 1407, "insufficient balance");
            case "403" -> Reply.problem(403, "insufficient credits, please top up your account");
            case "message" -> Reply.problem(400, "Insufficient credits. Please top up your account.");
            default -> Reply.problem(402, "insufficient credits");
        };
    }

    private Course course(Prediction.Submission submission, FaultCall chance, JsonNode inputs) {
        long runMs = account.runMs(submission, chance.draw());
        String host = submission.model().sourceHost(inputs);
        if (host != null && host.toLowerCase(Locale.ROOT).endsWith(UNREACHABLE)) {
            return new Course(
                    runMs,
                    Status.FAILED,
                    1402,
                    "could not fetch field \"audio\": host \"" + host + "\" cannot be resolved");
        }
        FaultRule rule = faults.strike(FaultPhase.PREDICTION, chance);
        return rule != null && rule.action() instanceof FaultAction.OfCourse action
                ? faulty(action, runMs + rule.delay().toMillis())
                : Course.completes(runMs);
    }

    private static Course faulty(FaultAction.OfCourse action, long runMs) {
        return switch (action) {
            case FaultAction.Fail(int code, String message) ->
                new Course(runMs, Status.FAILED, code, message(code, message));
            case FaultAction.End(String status) ->
                new Course(
                        runMs,
                        Status.valueOf(status.toUpperCase(Locale.ROOT)),
                        status.equals("timeout") ? 5004 : 0,
                        "the prediction ended as " + status);
            case FaultAction.Stuck() -> new Course(Course.FOREVER, Status.COMPLETED, 0, "");
            case FaultAction.Last(long milliseconds) -> Course.completes(milliseconds);
        };
    }

    private static String message(int code, @Nullable String message) {
        return message == null ? ERRORS.getOrDefault(code, "the task failed with code " + code) : message;
    }

    /** Predictions that somebody else makes who uses the same account: listed and billed, but no submit. */
    int acceptForeign(ModelSpec model, JsonNode inputs, int count, long runMs) {
        byte[] body = Json.bytes(inputs);
        BodyHash hash = BodyHash.of(body);
        AudioFormat format = AudioFormat.ofExtension(model.outputFormat(inputs));
        Prediction.Submission submission = new Prediction.Submission(
                model,
                body,
                hash,
                hash,
                prices.of(model, inputs).charged(),
                format == null ? AudioFormat.MP3 : format,
                model.clipSeconds(inputs, sources.seconds(inputs)),
                false,
                null,
                true);
        for (int i = 0; i < count; i++) {
            account.accept(submission, hash.draw(account.seed(), i), Course.completes(runMs), Terms.NORMAL);
        }
        return count;
    }
}
