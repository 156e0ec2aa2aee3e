package io.wavequeue.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.HistoryQuery;
import io.wavequeue.simulator.account.Prediction;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.simulator.account.Settings;
import io.wavequeue.simulator.account.Status;
import io.wavequeue.simulator.catalogue.Catalogue;
import io.wavequeue.simulator.catalogue.ModelSpec;
import java.util.Set;

/** Results, history, delete, balance, prices, models. */
final class QueryEndpoints {
    private static final int MAX_PAGE_SIZE = 100;
    private static final Set<String> STATUSES =
            Set.of("created", "processing", "completed", "failed", "cancelled", "timeout");

    private final Account account;
    private final Catalogue catalogue;
    private final Prices prices;
    private final PredictionJson predictions;

    QueryEndpoints(Account account, Catalogue catalogue, Prices prices, PredictionJson predictions) {
        this.account = account;
        this.catalogue = catalogue;
        this.prices = prices;
        this.predictions = predictions;
    }

    Reply result(Call call) {
        Prediction prediction = account.find(call.argument());
        boolean gone = prediction != null
                && prediction.isDeleted()
                && account.settings().is(Setting.DELETED, "404");
        if (prediction == null || gone) {
            return Reply.problem(404, "Prediction not found");
        }
        String server = call.baseUrl();
        return Reply.success(json -> predictions.writeResult(json, prediction, server));
    }

    Reply balance() {
        return Reply.success(json -> {
            json.writeStartObject();
            json.writeNumberField("balance", account.balance());
            json.writeEndObject();
        });
    }

    Reply models(Call call) {
        String server = call.baseUrl();
        return Reply.success(json -> {
            json.writeStartArray();
            int order = 0;
            for (ModelSpec model : catalogue.models()) {
                json.writeTree(model.listed(server, ++order));
            }
            json.writeEndArray();
        });
    }

    /** The quote, in its present or its older form. */
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
        Prices.Price price = inputs.isEmpty() ? prices.ofNothing(model) : prices.of(model, inputs);
        boolean older = call.argument().equals("model/pricing");
        return Reply.success(json -> {
            json.writeStartObject();
            json.writeStringField("model_id", model.id());
            if (older) {
                json.writeNumberField("unit_price", price.charged());
            } else {
                json.writeNumberField("price", price.listed());
                json.writeNumberField("discounted_price", price.charged());
                json.writeNumberField("discount_rate", prices.discountPercent());
            }
            json.writeStringField("currency", "USD");
            json.writeEndObject();
        });
    }

    Reply history(Call call) throws BadRequest {
        return history(Json.object(call.body()), call.baseUrl());
    }

    Reply history(JsonNode json, String server) throws BadRequest {
        Settings settings = account.settings();
        String status = Fields.text(json, "status");
        if (status != null && !STATUSES.contains(status) && settings.is(Setting.HISTORY_UNKNOWN_STATUS, "400")) {
            throw new BadRequest("field \"status\" must be one of created, processing, completed, failed");
        }
        int asked = Fields.number(json, "page_size", null, MAX_PAGE_SIZE);
        int fixed = settings.get(Setting.HISTORY_PAGE_SIZE);
        HistoryQuery query = new HistoryQuery(
                Fields.number(json, "page", null, Integer.MAX_VALUE),
                fixed == 0 ? asked : fixed,
                Fields.text(json, "model"),
                status,
                Fields.time(json, "created_after", 0),
                Fields.time(json, "created_before", Long.MAX_VALUE / 2));
        HistoryQuery.Page page = account.list(query);
        return Reply.success(out -> {
            out.writeStartObject();
            out.writeNumberField("page", query.page());
            if (settings.get(Setting.HISTORY_TOTAL)) {
                out.writeNumberField("total", page.total());
            }
            out.writeArrayFieldStart("items");
            for (Prediction prediction : page.items()) {
                predictions.writeListed(out, prediction, server);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    /** Deletes what it knows of the ids and says how many that were. */
    Reply delete(Call call) throws BadRequest {
        JsonNode ids = Json.object(call.body()).path("ids");
        if (!ids.isArray()) {
            throw new BadRequest("field \"ids\" must be an array");
        }
        int deleted = 0;
        for (JsonNode id : ids) {
            deleted += account.delete(id.asText()) ? 1 : 0;
        }
        int count = deleted;
        return Reply.success(json -> {
            json.writeStartObject();
            json.writeNumberField("deleted_count", count);
            json.writeEndObject();
        });
    }

    /** The older way to delete one. */
    Reply deleteOne(String id) {
        if (!account.delete(id)) {
            return Reply.problem(404, "Prediction not found");
        }
        return Reply.success(json -> {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("status", Status.DELETED.text());
            json.writeEndObject();
        });
    }
}
