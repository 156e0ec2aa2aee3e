package io.wavequeue.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.HistoryQuery;
import io.wavequeue.simulator.account.Micros;
import io.wavequeue.simulator.account.Prediction;
import io.wavequeue.simulator.account.Settings;
import io.wavequeue.simulator.catalogue.Catalogue;
import io.wavequeue.simulator.catalogue.ModelSpec;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Everything that only reads: results, history, balance, prices, models. */
final class QueryEndpoints {
    private static final int DEFAULT_PAGE_SIZE = 20;
    private static final int MAX_PAGE_SIZE = 100;

    private final Account account;
    private final Catalogue catalogue;
    private final Sources sources;

    QueryEndpoints(Account account, Catalogue catalogue, Sources sources) {
        this.account = account;
        this.catalogue = catalogue;
        this.sources = sources;
    }

    Reply result(Call call) {
        Prediction prediction = account.find(call.argument());
        if (prediction == null) {
            return Reply.problem(404, "Prediction not found");
        }
        String baseUrl = call.baseUrl();
        return Reply.success(json -> PredictionJson.write(json, prediction, baseUrl, false));
    }

    Reply balance() {
        return Reply.success(json -> {
            json.writeStartObject();
            json.writeNumberField("balance", account.balance());
            json.writeEndObject();
        });
    }

    Reply models(Call call) {
        String baseUrl = call.baseUrl();
        return Reply.success(json -> {
            json.writeStartArray();
            int order = 0;
            for (ModelSpec model : catalogue.models()) {
                json.writeTree(model.listed(baseUrl, ++order));
            }
            json.writeEndArray();
        });
    }

    Reply price(Call call) throws BadRequest {
        JsonNode quote = Json.object(call.body());
        ModelSpec model = catalogue.find(quote.path("model_id").asText());
        if (model == null) {
            return Reply.problem(404, "model \"" + quote.path("model_id").asText() + "\" not found");
        }
        JsonNode inputs = quote.path("inputs");
        String problem = model.quoteProblem(inputs);
        if (problem != null) {
            throw new BadRequest(problem);
        }
        boolean byOutput = account.settings().money().aceStepByOutput();
        BigDecimal price = inputs.isEmpty() ? model.price() : model.priceOf(inputs, sources.seconds(inputs), byOutput);
        return Reply.success(json -> {
            json.writeStartObject();
            json.writeStringField("model_id", model.id());
            json.writeNumberField("price", price);
            json.writeNumberField("discounted_price", price);
            json.writeNumberField("discount_rate", 0);
            json.writeStringField("currency", "USD");
            json.writeEndObject();
        });
    }

    Reply history(Call call) throws BadRequest {
        JsonNode json = Json.object(call.body());
        HistoryQuery query = new HistoryQuery(
                number(json, "page", null, Integer.MAX_VALUE),
                number(json, "page_size", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE),
                text(json, "model"),
                text(json, "status"),
                time(json, "created_after", 0),
                time(json, "created_before", Long.MAX_VALUE / 2));
        HistoryQuery.Page page = account.list(query);
        Settings.History settings = account.settings().history();
        String baseUrl = call.baseUrl();
        return Reply.success(out -> {
            out.writeStartObject();
            out.writeNumberField("page", query.page());
            if (settings.total()) {
                out.writeNumberField("total", page.total());
            }
            out.writeArrayFieldStart("items");
            for (Prediction prediction : page.items()) {
                PredictionJson.write(out, prediction, baseUrl, settings.input());
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static int number(JsonNode json, String field, @Nullable Integer otherwise, int max) throws BadRequest {
        JsonNode value = json.get(field);
        if ((value == null || value.isNull()) && otherwise != null) {
            return otherwise;
        }
        if (value == null || !value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new BadRequest("field \"" + field + "\" must be an integer");
        }
        if (value.intValue() < 1 || value.intValue() > max) {
            String rule = max == Integer.MAX_VALUE ? "at least 1" : "between 1 and " + max;
            throw new BadRequest("field \"" + field + "\" must be " + rule);
        }
        return value.intValue();
    }

    private static @Nullable String text(JsonNode json, String field) throws BadRequest {
        JsonNode value = json.get(field);
        if (value == null || value.isNull() || value.asText().isEmpty()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new BadRequest("field \"" + field + "\" must be a string");
        }
        return value.textValue();
    }

    private static long time(JsonNode json, String field, long otherwise) throws BadRequest {
        String text = text(json, field);
        if (text == null) {
            return otherwise;
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            return Micros.of(time);
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new BadRequest("field \"" + field + "\" must be an ISO-8601 time", e);
        }
    }
}
