package io.wavequeue.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A job as the API shows it: a view of its JSON, in which everything but id and status may be missing, so that a newer
 * API can say more and an older one less.
 */
public final class Job {

    private static final Set<String> TERMINAL = Set.of("succeeded", "failed", "cancelled");

    private final JsonNode json;
    private final String id;
    private final String status;

    private Job(JsonNode json, String id, String status) {
        this.json = json;
        this.id = id;
        this.status = status;
    }

    /** Reads one job; without id or status it is none. */
    public static Job of(JsonNode json) {
        String id = Json.text(json, "id");
        String status = Json.text(json, "status");
        if (id == null || status == null) {
            throw new ApiUnreadableException("a job without id or status; is this Wavequeue's API?");
        }
        return new Job(json, id, status);
    }

    /** A POST that may have been accepted. */
    public record Attempt(
            long number,
            String status,
            @Nullable String predictionId,
            @Nullable BigDecimal chargedUsd,
            @Nullable Problem error) {}

    /** Why a job or an attempt ended badly: the error class of the contract and the provider's words. */
    public record Problem(String errorClass, String message) {

        @Override
        public String toString() {
            return message.isEmpty() ? errorClass : errorClass + ": " + message;
        }
    }

    /** One generated file; {@code file} and the rest are null until it is archived. */
    public record Output(
            @Nullable String file,
            @Nullable String contentType,
            @Nullable Long bytes,
            @Nullable String sha256,
            @Nullable String archivedAt) {}

    /** As it came. */
    public JsonNode json() {
        return json;
    }

    /** The job's id. */
    public String id() {
        return id;
    }

    /** The state in lower case. */
    public String status() {
        return status;
    }

    /** True when nothing will happen to it any more, but for archiving. */
    public boolean terminal() {
        return TERMINAL.contains(status);
    }

    /** True when it is terminal and, if it succeeded, all its outputs are archived. */
    public boolean done() {
        return terminal() && (!succeeded() || outputs().stream().allMatch(o -> o.archivedAt() != null));
    }

    /** True for {@code succeeded}. */
    public boolean succeeded() {
        return status.equals("succeeded");
    }

    /** The model's id. */
    public String model() {
        String model = text("model");
        return model == null ? "?" : model;
    }

    /** A text field of the job itself, such as {@code reference} or {@code hold_reason}; null when it has none. */
    public @Nullable String text(String field) {
        return Json.text(json, field);
    }

    /** An amount of the job's cost, such as {@code charged_usd}; null = not known. */
    public @Nullable BigDecimal cost(String field) {
        return Json.usd(json.path("cost"), field);
    }

    /** A duration in milliseconds, such as {@code total_ms}; null = not reached. */
    public @Nullable Long millis(String field) {
        return Json.whole(json.path("timings"), field);
    }

    /** Why it failed or waits; null when all is well. */
    public @Nullable Problem error() {
        return problem(json.path("error"));
    }

    /** Its attempts, first to last. */
    public List<Attempt> attempts() {
        List<Attempt> attempts = new ArrayList<>();
        for (JsonNode attempt : json.path("attempts")) {
            Long number = Json.whole(attempt, "number");
            String state = Json.text(attempt, "status");
            attempts.add(new Attempt(
                    number == null ? attempts.size() + 1 : number,
                    state == null ? "?" : state,
                    Json.text(attempt, "prediction_id"),
                    Json.usd(attempt, "charged_usd"),
                    problem(attempt.path("error"))));
        }
        return attempts;
    }

    /** Its outputs, in the provider's order. */
    public List<Output> outputs() {
        List<Output> outputs = new ArrayList<>();
        for (JsonNode output : json.path("outputs")) {
            outputs.add(new Output(
                    Json.text(output, "file"),
                    Json.text(output, "content_type"),
                    Json.whole(output, "bytes"),
                    Json.text(output, "sha256"),
                    Json.text(output, "archived_at")));
        }
        return outputs;
    }

    /** Reads an error; null when there is none. */
    public static @Nullable Problem problem(JsonNode error) {
        if (!error.isObject()) {
            return error.isTextual() ? new Problem("error", error.asText()) : null;
        }
        String errorClass = Json.text(error, "class");
        String message = Json.text(error, "message");
        return new Problem(errorClass == null ? "unknown" : errorClass, message == null ? "" : message);
    }
}
