package io.wavequeue.simulator.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.simulator.catalogue.Catalogue;
import io.wavequeue.simulator.catalogue.ModelSpec;
import io.wavequeue.simulator.conformance.Result.Answered;
import io.wavequeue.simulator.conformance.Result.Failed;
import io.wavequeue.simulator.conformance.Result.Passed;
import io.wavequeue.simulator.conformance.Result.Skipped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What costs nothing: reads, quotes, one upload. */
final class FreeChecks {
    /** Looks like a key of nobody. */
    static final String PLACEHOLDER = "wavequeue-conformance-no-key";

    static final String ACE_STEP = "wavespeed-ai/ace-step/audio-outpaint";
    static final String MUSIC = "stability-ai/stable-audio-3/music";
    private static final String NOBODY = "00000000000000000000000000000000";

    private final Catalogue catalogue;
    private final Clip clip;
    private final Pace pace;
    private final boolean hasKey;

    /** @param hasKey whether the calls carry a real key, so that a wrong one has to be refused */
    FreeChecks(Catalogue catalogue, Clip clip, Pace pace, boolean hasKey) {
        this.catalogue = catalogue;
        this.clip = clip;
        this.pace = pace;
        this.hasKey = hasKey;
    }

    List<Check> list() {
        List<Check> checks = new ArrayList<>();
        checks.add(Check.free("balance", FreeChecks::balance));
        checks.add(Check.free("a wrong key is refused", this::wrongKey));
        checks.add(Check.free("the five models and their inputs", this::models));
        checks.add(Check.free("upload: ticket, PUT, GET", this::upload));
        for (ModelSpec model : catalogue.models()) {
            checks.add(Check.free("quote " + model.id(), probe -> quote(probe, model)));
        }
        checks.add(Check.free("quote ACE-Step by length", Question.ACE_STEP_SECONDS, this::quoteBySeconds));
        checks.add(Check.free("quote refuses a format that is none", FreeChecks::badQuote));
        checks.add(Check.free("an unknown prediction", FreeChecks::unknownPrediction));
        checks.add(Check.free("history", FreeChecks::history));
        checks.add(Check.free("history: input", Question.HISTORY_INPUT, FreeChecks::historyInput));
        checks.add(Check.free("history: total", Question.HISTORY_TOTAL, FreeChecks::historyTotal));
        checks.add(Check.free("history refuses or finds no unknown status", FreeChecks::unknownStatus));
        checks.addAll(new AccountChecks(pace).list());
        return checks;
    }

    private static Result balance(Probe probe) throws NoAnswerException, InterruptedException {
        Answer answer = probe.get("balance");
        JsonNode balance = answer.data().path("balance");
        return answer.isSuccess() && balance.isNumber()
                ? new Passed(Usd.text(balance.decimalValue()))
                : new Failed("data.balance, a number", answer.shown());
    }

    private Result wrongKey(Probe probe) throws NoAnswerException, InterruptedException {
        Answer answer = probe.get("balance", "not-a-key-at-all");
        if (answer.isSuccess() && !hasKey) {
            return new Skipped("no key was given, and this server lets every key in");
        }
        return answer.isProblem(401) ? new Passed(answer.shown()) : problemExpected(401, answer);
    }

    private static Failed problemExpected(int status, Answer answer) {
        return new Failed("HTTP " + status + " with code and message", answer.shown());
    }

    private Result models(Probe probe) throws NoAnswerException, InterruptedException {
        Answer answer = probe.get("models");
        if (!answer.isSuccess() || !answer.data().isArray()) {
            return new Failed("a list of models", answer.shown());
        }
        Map<String, JsonNode> listed = new LinkedHashMap<>();
        answer.data().forEach(model -> listed.put(model.path("model_id").asText(), model));
        List<String> odd = new ArrayList<>();
        for (ModelSpec model : catalogue.models()) {
            odd.addAll(differences(model, listed.get(model.id())));
        }
        return odd.isEmpty()
                ? new Passed("all five among " + listed.size())
                : new Failed("the five with their inputs", String.join("; ", odd));
    }

    private static List<String> differences(ModelSpec model, @Nullable JsonNode listed) {
        if (listed == null) {
            return List.of(model.id() + " is not listed");
        }
        List<String> odd = new ArrayList<>();
        JsonNode theirs = requestSchema(listed);
        for (String field : new TreeSet<>(model.fields().keySet())) {
            if (!theirs.path("properties").has(field)) {
                odd.add(model.id() + " has no input " + field);
            }
        }
        Set<String> ours = names(requestSchema(model.listing()).path("required"));
        if (!ours.equals(names(theirs.path("required")))) {
            odd.add(model.id() + " requires " + names(theirs.path("required")) + ", not " + ours);
        }
        return odd;
    }

    private static JsonNode requestSchema(JsonNode listed) {
        for (JsonNode schema : listed.path("api_schema").path("api_schemas")) {
            if (schema.path("type").asText().equals("model_run")) {
                return schema.path("request_schema");
            }
        }
        return Json.object();
    }

    private static Set<String> names(JsonNode array) {
        Set<String> names = new TreeSet<>();
        array.forEach(name -> names.add(name.asText()));
        return names;
    }

    private Result upload(Probe probe) throws NoAnswerException, InterruptedException {
        byte[] wav = Clip.wav();
        ObjectNode file = Json.object().put("filename", "conformance.wav").put("size", wav.length);
        Answer ticket = probe.post("media/uploads", file.put("content_type", "audio/x-wav"));
        JsonNode upload = ticket.data().path("upload");
        String url = ticket.data().path("download_url").asText();
        if (!ticket.isSuccess()
                || url.isEmpty()
                || !upload.path("method").asText().equals("PUT")) {
            return new Failed("a ticket with download_url and a PUT", ticket.shown());
        }
        Map<String, String> headers = new LinkedHashMap<>();
        upload.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asText()));
        Answer put = probe.put(upload.path("url").asText(), headers, wav);
        if (put.status() < 200 || put.status() > 299) {
            return new Failed("the PUT to be taken", put.shown());
        }
        Answer back = probe.open(url);
        if (back.status() != 200 || !Arrays.equals(back.body(), wav)) {
            return new Failed(
                    "the same " + wav.length + " bytes back",
                    "HTTP " + back.status() + " with " + back.body().length + " bytes");
        }
        clip.isAt(url);
        return new Passed(wav.length + " bytes there and back; headers " + headers.keySet() + ", ticket until "
                + upload.path("expires_at").asText("not said"));
    }

    private Result quote(Probe probe, ModelSpec model) throws NoAnswerException, InterruptedException {
        Answer answer = Purse.quote(probe, model.id(), model.perSecond() ? Json.object() : sample());
        Purse.Price price = Purse.price(answer);
        if (price == null) {
            return new Failed("data.price above 0", answer.shown());
        }
        if (model.id().equals(ACE_STEP)) {
            clip.costs(price.listed());
        }
        String seen = Usd.text(price.listed())
                + (price.due().compareTo(price.listed()) == 0
                        ? ""
                        : ", " + Usd.text(price.due()) + " after a discount");
        return price.listed().compareTo(model.price()) == 0
                        && answer.data().path("currency").asText("USD").equals("USD")
                ? new Passed(seen)
                : new Failed(Usd.text(model.price()), seen);
    }

    private ObjectNode sample() {
        String source = clip.url();
        return Json.object()
                .put("prompt", "a short bell")
                .put("audio", source == null ? "https://example.com/your-audio.mp3" : source);
    }

    private Result quoteBySeconds(Probe probe) throws NoAnswerException, InterruptedException {
        String source = clip.url();
        if (source == null) {
            return new Skipped("there is no uploaded clip to quote with");
        }
        Answer answer = Purse.quote(probe, ACE_STEP, aceStep(source));
        Purse.Price price = Purse.price(answer);
        return price == null
                ? new Failed("data.price above 0", answer.shown())
                : new Answered("quoted " + clip.reading(price.listed(), BigDecimal.ONE));
    }

    static ObjectNode aceStep(String source) {
        return Json.object()
                .put("audio", source)
                .put("tags", "calm, bells")
                .put("extend_before_duration", 0)
                .put("extend_after_duration", Clip.EXTENSION);
    }

    /** What our price list has, for a run or for a second. */
    static BigDecimal listed(Catalogue catalogue, String id) {
        ModelSpec model = catalogue.find(id);
        if (model == null) {
            throw new IllegalStateException("the catalogue has no " + id);
        }
        return model.price();
    }

    private static Result badQuote(Probe probe) throws NoAnswerException, InterruptedException {
        Answer answer = Purse.quote(
                probe, MUSIC, Json.object().put("prompt", "a short bell").put("output_format", "wax"));
        return answer.isProblem(400) ? new Passed(answer.shown()) : problemExpected(400, answer);
    }

    private static Result unknownPrediction(Probe probe) throws NoAnswerException, InterruptedException {
        Answer answer = probe.get("predictions/" + NOBODY + "/result");
        return answer.isProblem(404) ? new Passed(answer.shown()) : problemExpected(404, answer);
    }

    private static Result history(Probe probe) throws NoAnswerException, InterruptedException {
        Answer answer = page(probe, Json.object());
        JsonNode items = answer.data().path("items");
        if (!answer.isSuccess() || !items.isArray()) {
            return new Failed("data.items, an array", answer.shown());
        }
        for (JsonNode item : items) {
            for (String field : List.of("id", "model", "status", "created_at")) {
                if (!item.path(field).isTextual()) {
                    return new Failed("items with id, model, status and created_at", "one without " + field);
                }
            }
        }
        return new Passed(items.isEmpty() ? "empty" : items.size() + " items with " + fields(items.path(0)));
    }

    private static String fields(JsonNode item) {
        List<String> names = new ArrayList<>();
        item.fieldNames().forEachRemaining(names::add);
        return String.join(", ", names);
    }

    private static Result historyInput(Probe probe) throws NoAnswerException, InterruptedException {
        Answer answer = page(probe, Json.object());
        JsonNode items = answer.data().path("items");
        if (!answer.isSuccess()) {
            return new Failed("a page", answer.shown());
        }
        return items.isEmpty() ? new Skipped("the history is empty") : new Answered(inputOf(items.path(0)));
    }

    /** Whether this history item carries its input, and under which name. */
    static String inputOf(JsonNode item) {
        return item.hasNonNull("input")
                ? "yes, as input"
                : item.hasNonNull("inputs") ? "yes, as inputs" : "no: its fields are " + fields(item);
    }

    private static Result historyTotal(Probe probe) throws NoAnswerException, InterruptedException {
        Answer answer = page(probe, Json.object());
        if (!answer.isSuccess()) {
            return new Failed("a page", answer.shown());
        }
        return new Answered(answer.data().path("total").isNumber() ? "yes" : "no");
    }

    private static Result unknownStatus(Probe probe) throws NoAnswerException, InterruptedException {
        Answer answer = page(probe, Json.object().put("status", "nonsense"));
        if (answer.status() == 400) {
            return new Passed(answer.shown());
        }
        return answer.isSuccess() && answer.data().path("items").isEmpty()
                ? new Passed("an empty page")
                : new Failed("HTTP 400 or an empty page", answer.shown());
    }

    private static Answer page(Probe probe, ObjectNode filter) throws NoAnswerException, InterruptedException {
        return probe.post("predictions", filter.put("page", 1).put("page_size", 5));
    }
}
