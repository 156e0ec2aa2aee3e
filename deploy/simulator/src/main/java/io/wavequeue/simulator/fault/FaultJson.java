package io.wavequeue.simulator.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.simulator.fault.FaultAction.Answer;
import io.wavequeue.simulator.fault.FaultAction.Body;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads and writes rules as the admin endpoint has them. Errors are {@link IllegalArgumentException}s to show as they are. */
public final class FaultJson {
    private static final Set<String> FIELDS = Set.of(
            "phase",
            "action",
            "model",
            "endpoint",
            "contains",
            "times",
            "rate",
            "repeat",
            "first",
            "delay_ms",
            "hold",
            "status",
            "body",
            "retry_after",
            "location",
            "code",
            "message",
            "bytes",
            "with_data",
            "value",
            "factor",
            "ms");

    private FaultJson() {}

    /**
     * Reads a rule.
     *
     * @param endpoints names that an endpoint may have
     */
    public static FaultRule parse(JsonNode json, Set<String> endpoints) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("a fault must be a JSON object");
        }
        json.fieldNames().forEachRemaining(FaultJson::requireKnown);
        String model = text(json, "model");
        String endpoint = text(json, "endpoint");
        if (endpoint != null && !endpoint.equals("any") && !endpoints.contains(endpoint)) {
            throw new IllegalArgumentException("field \"endpoint\" must be any or one of " + sorted(endpoints));
        }
        boolean endless = !json.has("times") && json.has("rate");
        return new FaultRule(
                phase(text(json, "phase")),
                action(json),
                new FaultRule.Target(model, endpoint, text(json, "contains")),
                new FaultRule.Frequency(
                        endless ? null : number(json, "times", 1),
                        json.path("rate").asDouble(1),
                        number(json, "repeat", 1),
                        json.path("first").asBoolean()),
                Duration.ofMillis(number(json, "delay_ms", 0)),
                json.path("hold").asBoolean());
    }

    private static void requireKnown(String field) {
        if (!FIELDS.contains(field)) {
            throw new IllegalArgumentException("field \"" + field + "\" must be one of " + sorted(FIELDS));
        }
    }

    private static FaultPhase phase(@Nullable String text) {
        return Arrays.stream(FaultPhase.values())
                .filter(phase -> phase.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("field \"phase\" must be one of " + FaultPhase.list()));
    }

    private static FaultAction action(JsonNode json) {
        String action = text(json, "action");
        return switch (action == null ? "" : action) {
            case "status" -> answer(json, number(json, "status", 500), body(json));
            case "empty" -> answer(json, number(json, "status", 200), Body.EMPTY);
            case "html" -> answer(json, number(json, "status", 200), Body.HTML);
            case "drop" -> new FaultAction.Drop(false);
            case "reset" -> new FaultAction.Drop(true);
            case "cut" -> new FaultAction.Cut(optional(json, "bytes"));
            case "cut_json" -> new FaultAction.CutJson();
            case "null_data" -> new FaultAction.NullData();
            case "envelope" ->
                new FaultAction.Envelope(
                        number(json, "code", 500), json.path("with_data").asBoolean());
            case "delay" -> new FaultAction.Pass();
            case "show_status" -> new FaultAction.ShowStatus(json.path("value").asText("queued"));
            case "fail" -> new FaultAction.Fail(number(json, "code", 1403), text(json, "message"));
            case "end" -> new FaultAction.End(json.path("value").asText());
            case "stuck" -> new FaultAction.Stuck();
            case "last" -> new FaultAction.Last(number(json, "ms", 0));
            case "shorten" -> new FaultAction.Shorten(optional(json, "bytes"));
            case "pad" -> new FaultAction.Pad(number(json, "bytes", 50 << 20));
            case "type" -> new FaultAction.Type(json.path("value").asText("text/html"));
            case "omit" -> new FaultAction.Omit();
            case "twice" -> new FaultAction.Twice();
            case "price" ->
                new FaultAction.Price(
                        json.path("factor").isNumber() ? json.path("factor").decimalValue() : BigDecimal.TWO);
            case "forge" -> new FaultAction.Forge();
            case "stale" -> new FaultAction.Stale();
            default ->
                throw new IllegalArgumentException(
                        "field \"action\" must be one of status, empty, html, drop, reset, cut,"
                                + " cut_json, shorten, pad, type, null_data, envelope, delay, show_status, fail, end,"
                                + " stuck, last, omit, twice, price, forge, stale");
        };
    }

    private static Answer answer(JsonNode json, int status, Body body) {
        return new Answer(
                status,
                body,
                optional(json, "retry_after"),
                optional(json, "code"),
                text(json, "message"),
                text(json, "location"));
    }

    private static Body body(JsonNode json) {
        String text = json.path("body").asText("json");
        return Arrays.stream(Body.values())
                .filter(body -> body.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("field \"body\" must be json, html or empty"));
    }

    private static @Nullable String text(JsonNode json, String field) {
        JsonNode value = json.get(field);
        return value == null || value.isNull() ? null : value.asText();
    }

    private static @Nullable Integer optional(JsonNode json, String field) {
        return json.hasNonNull(field) ? (Integer) number(json, field, 0) : null;
    }

    private static int number(JsonNode json, String field, int otherwise) {
        JsonNode value = json.get(field);
        if (value == null || value.isNull()) {
            return otherwise;
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw new IllegalArgumentException("field \"" + field + "\" must be a whole number");
        }
        return value.intValue();
    }

    private static String sorted(Set<String> names) {
        return names.stream().sorted().collect(Collectors.joining(", "));
    }

    /** The standing rules as the endpoint lists them. */
    public static ObjectNode render(List<FaultBook.Standing> standing) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        var items = list.putArray("faults");
        for (FaultBook.Standing entry : standing) {
            FaultRule rule = entry.rule();
            ObjectNode item = items.addObject();
            item.put("id", entry.id()).put("phase", rule.phase().text());
            putAction(item, rule.action());
            item.put("model", rule.target().model())
                    .put("endpoint", rule.target().endpoint())
                    .put("contains", rule.target().contains());
            item.put("rate", rule.frequency().rate())
                    .put("repeat", rule.frequency().repeat());
            item.put("first", rule.frequency().first())
                    .put("delay_ms", rule.delay().toMillis())
                    .put("hold", rule.hold());
            item.put("struck", entry.struck()).put("left", entry.left());
        }
        return list;
    }

    private static void putAction(ObjectNode item, FaultAction action) {
        switch (action) {
            case Answer(int status, Body body, Integer retryAfter, Integer code, String message, String location) ->
                item.put("action", "status")
                        .put("status", status)
                        .put("body", body.text().toLowerCase(Locale.ROOT))
                        .put("retry_after", retryAfter)
                        .put("code", code)
                        .put("message", message)
                        .put("location", location);
            case FaultAction.Drop(boolean reset) -> item.put("action", reset ? "reset" : "drop");
            case FaultAction.Cut(Integer bytes) -> item.put("action", "cut").put("bytes", bytes);
            case FaultAction.CutJson() -> item.put("action", "cut_json");
            case FaultAction.NullData() -> item.put("action", "null_data");
            case FaultAction.Envelope(int code, boolean withData) ->
                item.put("action", "envelope").put("code", code).put("with_data", withData);
            case FaultAction.ShowStatus(String status) ->
                item.put("action", "show_status").put("value", status);
            case FaultAction.Pass() -> item.put("action", "delay");
            case FaultAction.Fail(int code, String message) ->
                item.put("action", "fail").put("code", code).put("message", message);
            case FaultAction.End(String status) -> item.put("action", "end").put("value", status);
            case FaultAction.Stuck() -> item.put("action", "stuck");
            case FaultAction.Last(long ms) -> item.put("action", "last").put("ms", ms);
            case FaultAction.Shorten(Integer bytes) ->
                item.put("action", "shorten").put("bytes", bytes);
            case FaultAction.Pad(int bytes) -> item.put("action", "pad").put("bytes", bytes);
            case FaultAction.Type(String type) -> item.put("action", "type").put("value", type);
            case FaultAction.Omit() -> item.put("action", "omit");
            case FaultAction.Twice() -> item.put("action", "twice");
            case FaultAction.Price(BigDecimal factor) ->
                item.put("action", "price").put("factor", factor);
            case FaultAction.Forge() -> item.put("action", "forge");
            case FaultAction.Stale() -> item.put("action", "stale");
        }
    }
}
