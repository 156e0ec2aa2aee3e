package io.wavequeue.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.Course;
import io.wavequeue.simulator.account.Prediction;
import io.wavequeue.simulator.account.Status;
import io.wavequeue.simulator.audio.AudioFormat;
import io.wavequeue.simulator.catalogue.Catalogue;
import io.wavequeue.simulator.catalogue.ModelSpec;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultBook;
import io.wavequeue.simulator.fault.FaultCall;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes submits in. In this order: model, minute's limit, inputs, balance. */
final class SubmitEndpoint {
    private static final String UNREACHABLE = ".invalid";
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

    private final Account account;
    private final Catalogue catalogue;
    private final Sources sources;
    private final FaultBook faults;

    SubmitEndpoint(Account account, Catalogue catalogue, Sources sources, FaultBook faults) {
        this.account = account;
        this.catalogue = catalogue;
        this.sources = sources;
        this.faults = faults;
    }

    Reply answer(Call call) {
        ModelSpec model = catalogue.find(call.argument());
        if (model == null) {
            return Reply.problem(404, "model \"" + call.argument() + "\" not found");
        }
        if (account.isThrottled()) {
            return tooMany();
        }
        try {
            JsonNode inputs = Json.object(call.body());
            String problem = model.problem(inputs);
            return problem == null ? pay(call, model, inputs) : Reply.problem(400, problem);
        } catch (BadRequest e) {
            return Reply.problem(400, String.valueOf(e.getMessage()));
        }
    }

    private Reply tooMany() {
        Reply reply = Reply.problem(429, "Too Many Requests");
        return account.settings().limits().retryAfter()
                ? reply.withHeader("Retry-After", Long.toString(account.secondsUntilFree()))
                : reply;
    }

    private Reply pay(Call call, ModelSpec model, JsonNode inputs) {
        BigDecimal source = sources.seconds(inputs);
        BigDecimal price =
                model.priceOf(inputs, source, account.settings().money().aceStepByOutput());
        if (!account.covers(price)) {
            return outOfCredit();
        }
        AudioFormat format = AudioFormat.ofExtension(model.outputFormat(inputs));
        Prediction.Submission submission = new Prediction.Submission(
                model,
                call.body(),
                call.hash(),
                price,
                format == null ? AudioFormat.MP3 : format,
                model.clipSeconds(inputs, source));
        long draw = account.nextDraw(call.hash());
        Prediction prediction = account.accept(submission, draw, course(call, submission, draw, inputs));
        String baseUrl = call.baseUrl();
        return Reply.success(json -> PredictionJson.writeNew(json, prediction, baseUrl));
    }

    private Reply outOfCredit() {
        return switch (account.settings().money().insufficient()) {
            case "1407" -> Reply.problem(400, 1407, "insufficient balance");
            case "403" -> Reply.problem(403, "insufficient credits, please top up your account");
            default -> Reply.problem(402, "insufficient credits");
        };
    }

    private Course course(Call call, Prediction.Submission submission, long draw, JsonNode inputs) {
        long runMs = account.runMs(submission, draw);
        String host = submission.model().sourceHost(inputs);
        if (host != null && host.toLowerCase(Locale.ROOT).endsWith(UNREACHABLE)) {
            return new Course(
                    runMs,
                    Status.FAILED,
                    1402,
                    "could not fetch field \"audio\": host \"" + host + "\" cannot be resolved");
        }
        FaultRule rule = faults.strike(
                FaultPhase.PREDICTION,
                new FaultCall(
                        call.endpoint().text(),
                        submission.model().id(),
                        call.hash().hex(),
                        draw,
                        call.bodiesBefore()));
        return rule == null
                ? Course.completes(runMs)
                : faulty(rule.action(), runMs + rule.delay().toMillis());
    }

    private static Course faulty(FaultAction action, long runMs) {
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
            case FaultAction.Answer a -> Course.completes(runMs);
            case FaultAction.Drop d -> Course.completes(runMs);
            case FaultAction.Cut c -> Course.completes(runMs);
            case FaultAction.CutJson c -> Course.completes(runMs);
            case FaultAction.NullData n -> Course.completes(runMs);
            case FaultAction.Envelope e -> Course.completes(runMs);
            case FaultAction.ShowStatus s -> Course.completes(runMs);
            case FaultAction.Pass p -> Course.completes(runMs);
        };
    }

    private static String message(int code, @Nullable String message) {
        return message == null ? ERRORS.getOrDefault(code, "the task failed with code " + code) : message;
    }
}
