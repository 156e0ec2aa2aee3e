package io.wavequeue.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpServerRequest;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.Settings;
import io.wavequeue.simulator.fault.FaultBook;
import io.wavequeue.simulator.fault.FaultJson;
import io.wavequeue.simulator.fault.FaultRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The simulator's own endpoints: faults, ledger, stats, settings, reset. They need no key. */
final class AdminEndpoint {
    private final Account account;
    private final FaultBook faults;
    private final FileEndpoints files;

    AdminEndpoint(Account account, FaultBook faults, FileEndpoints files) {
        this.account = account;
        this.faults = faults;
        this.files = files;
    }

    Reply answer(Call call) throws BadRequest {
        try {
            return switch (call.argument()) {
                case "GET faults" -> ok(FaultJson.render(faults.standing()));
                case "POST faults" -> addFaults(call);
                case "DELETE faults" -> {
                    faults.clear();
                    yield ok(FaultJson.render(faults.standing()));
                }
                case "GET ledger" -> ledger(call.request());
                case "GET stats" -> ok(account.stats());
                case "GET config" -> ok(settings());
                case "PATCH config" -> change(call);
                case "POST reset" -> {
                    reset();
                    yield ok(Map.of("reset", true));
                }
                default -> Reply.problem(404, "there is no admin call \"" + call.argument() + "\"");
            };
        } catch (IllegalArgumentException e) {
            throw new BadRequest(String.valueOf(e.getMessage()), e);
        }
    }

    void reset() {
        faults.clear();
        files.reset();
        account.reset();
    }

    private static Reply ok(Object value) {
        return Reply.json(200, Json.bytes(value));
    }

    /** One rule, or an array of rules of which all or none are taken. */
    private Reply addFaults(Call call) throws BadRequest {
        JsonNode json;
        try {
            json = Json.MAPPER.readTree(call.body());
        } catch (IOException e) {
            throw new BadRequest("the request body must be valid JSON", e);
        }
        List<FaultRule> rules = new ArrayList<>();
        if (json.isArray()) {
            json.forEach(rule -> rules.add(FaultJson.parse(rule)));
        } else {
            rules.add(FaultJson.parse(json));
        }
        rules.forEach(faults::add);
        return ok(FaultJson.render(faults.standing()));
    }

    /** Parameters: {@code offset}, {@code limit}; {@code limit=0} gives the totals alone. */
    private Reply ledger(HttpServerRequest request) throws BadRequest {
        return ok(account.ledger(number(request, "offset", 0), number(request, "limit", Integer.MAX_VALUE)));
    }

    private static int number(HttpServerRequest request, String name, int otherwise) throws BadRequest {
        String text = request.getParam(name);
        try {
            int value = text == null ? otherwise : Integer.parseInt(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new BadRequest("parameter \"" + name + "\" must be a whole number", e);
        }
        throw new BadRequest("parameter \"" + name + "\" must be at least 0");
    }

    private Reply change(Call call) throws BadRequest {
        Settings changed = account.settings();
        JsonNode fields = Json.object(call.body());
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            changed = changed.with(field.getKey(), field.getValue().asText());
        }
        account.change(changed);
        if (fields.has("balance")) {
            account.setBalance();
        }
        return ok(settings());
    }

    private ObjectNode settings() {
        Settings settings = account.settings();
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("key_set", !settings.key().isEmpty());
        json.put("latency", settings.latency().text());
        json.put("submits_per_minute", settings.limits().submitsPerMinute());
        json.put("max_in_flight", settings.limits().maxInFlight());
        json.put("retry_after", settings.limits().retryAfter());
        json.put("balance", account.balance());
        json.put("insufficient_balance", settings.money().insufficient());
        json.put("ace_step_basis", settings.money().aceStepByOutput() ? "output" : "extension");
        json.put("refund_delay", settings.money().refundDelay().toMillis() + "ms");
        json.put("history_input", settings.history().input());
        json.put("history_total", settings.history().total());
        json.put("history_lag", settings.history().lag().toMillis() + "ms");
        return json;
    }
}
