package io.wavequeue.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vertx.core.http.HttpServerRequest;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.Micros;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.simulator.account.Settings;
import io.wavequeue.simulator.catalogue.Catalogue;
import io.wavequeue.simulator.catalogue.ModelSpec;
import io.wavequeue.simulator.fault.FaultBook;
import io.wavequeue.simulator.fault.FaultJson;
import io.wavequeue.simulator.fault.FaultRule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The simulator's own endpoints: faults, ledger, stats, settings, clock, outage, reset. They need no key. */
final class AdminEndpoint {
    private static final int MAX_FOREIGN = 100_000;
    private static final int MAX_OUTAGE_MS = 3_600_000;
    private static final int MAX_RUN_MS = 7 * 24 * 3_600_000;

    private final Account account;
    private final FaultBook faults;
    private final Held held;
    private final FileEndpoints files;
    private final Catalogue catalogue;
    private final SubmitEndpoint submit;
    private final Consumer<Duration> outage;

    AdminEndpoint(
            Account account,
            FaultBook faults,
            Held held,
            FileEndpoints files,
            Catalogue catalogue,
            SubmitEndpoint submit,
            Consumer<Duration> outage) {
        this.account = account;
        this.faults = faults;
        this.held = held;
        this.files = files;
        this.catalogue = catalogue;
        this.submit = submit;
        this.outage = outage;
    }

    Reply answer(Call call) throws BadRequest {
        try {
            return switch (call.argument()) {
                case "GET faults" -> ok(FaultJson.render(faults.standing()));
                case "POST faults" -> addFaults(call);
                case "DELETE faults" -> {
                    clearFaults();
                    yield ok(FaultJson.render(faults.standing()));
                }
                case "POST release" -> ok(Map.of("released", held.release()));
                case "GET ledger" -> ledger(call.request());
                case "GET stats" -> ok(account.stats());
                case "GET config" -> ok(settings());
                case "PATCH config" -> change(call);
                case "POST clock" -> turnClock(call);
                case "POST predictions" -> addForeign(call);
                case "POST outage" -> goOut(call);
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

    /** What they hold back goes on: nothing else would release it. */
    void clearFaults() {
        faults.clear();
        held.release();
    }

    void reset() {
        clearFaults();
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
            json.forEach(rule -> rules.add(FaultJson.parse(rule, Endpoint.texts())));
        } else {
            rules.add(FaultJson.parse(json, Endpoint.texts()));
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
            if (field.getValue().isNull() || field.getValue().isContainerNode()) {
                throw new BadRequest("field \"" + field.getKey() + "\" must be a text, a number or a truth value");
            }
            changed = changed.with(field.getKey(), field.getValue().asText());
        }
        account.change(changed);
        if (fields.has(Setting.BALANCE.name())) {
            account.setBalance();
        }
        return ok(settings());
    }

    /** Every setting as it was written; of the key only whether there is one, of the balance what is left. */
    private ObjectNode settings() {
        Settings settings = account.settings();
        ObjectNode json = Json.MAPPER.createObjectNode();
        for (Setting<?> setting : Setting.all()) {
            if (setting == Setting.KEY) {
                json.put("key_set", !settings.get(Setting.KEY).isEmpty());
            } else if (setting == Setting.BALANCE) {
                json.put(setting.name(), account.balance());
            } else {
                json.set(setting.name(), plain(settings.text(setting)));
            }
        }
        return json;
    }

    /** Numbers and truth values as such, all else as text. */
    private static JsonNode plain(String text) {
        if (text.matches("\\d{1,9}")) {
            return IntNode.valueOf(Integer.parseInt(text));
        }
        return text.equals("true") || text.equals("false")
                ? BooleanNode.valueOf(Boolean.parseBoolean(text))
                : TextNode.valueOf(text);
    }

    /** Body: {@code {"advance":"8d"}}; turns the clock on and answers the new time. */
    private Reply turnClock(Call call) throws BadRequest {
        Duration by;
        try {
            by = Setting.duration(Json.object(call.body()).path("advance").asText());
        } catch (IllegalArgumentException e) {
            throw new BadRequest("field \"advance\" must be " + e.getMessage(), e);
        }
        account.turnClock(by);
        return ok(Map.of("now", Micros.toInstant(account.advance()).toString()));
    }

    /** Body: {@code {"model":…,"input":{…},"count":1,"run_ms":0}}; predictions that somebody else makes. */
    private Reply addForeign(Call call) throws BadRequest {
        JsonNode json = Json.object(call.body());
        ModelSpec model = catalogue.find(json.path("model").asText());
        if (model == null) {
            throw new BadRequest("field \"model\" must name a model");
        }
        String problem = model.problem(json.path("input"));
        if (problem != null) {
            throw new BadRequest(problem);
        }
        int count = Fields.number(json, "count", 1, MAX_FOREIGN);
        int runMs = Fields.number(json, "run_ms", 0, 0, MAX_RUN_MS);
        return ok(Map.of("made", submit.acceptForeign(model, json.path("input"), count, runMs)));
    }

    /** Body: {@code {"ms":3000}}; for so long nobody listens, which refuses connections and ends those that stand. */
    private Reply goOut(Call call) throws BadRequest {
        int ms = Fields.number(Json.object(call.body()), "ms", null, MAX_OUTAGE_MS);
        outage.accept(Duration.ofMillis(ms));
        return ok(Map.of("ms", ms));
    }
}
