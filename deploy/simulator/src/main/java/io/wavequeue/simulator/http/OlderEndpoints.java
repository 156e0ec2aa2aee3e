package io.wavequeue.simulator.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.Setting;
import java.util.Map;

/** The calls that only the provider's older documents know: the same answers under other paths and names, or 404. */
final class OlderEndpoints {
    private static final String PREDICTION = "DELETE predictions/";

    private final Account account;
    private final QueryEndpoints query;
    private final BillingEndpoints billing;
    private final FileEndpoints files;

    OlderEndpoints(Account account, QueryEndpoints query, BillingEndpoints billing, FileEndpoints files) {
        this.account = account;
        this.query = query;
        this.billing = billing;
        this.files = files;
    }

    Future<Reply> answer(Call call) throws BadRequest {
        if (!account.settings().get(Setting.OLDER_API)) {
            return Future.succeededFuture(Reply.problem(404, "not found"));
        }
        String name = call.argument();
        if (name.startsWith(PREDICTION)) {
            return Future.succeededFuture(query.deleteOne(name.substring(PREDICTION.length())));
        }
        return switch (name) {
            case "GET predictions" -> Future.succeededFuture(query.history(parameters(call), call.baseUrl()));
            case "GET account/billings" -> Future.succeededFuture(billing.search(parameters(call)));
            case "GET account/usage" ->
                Future.succeededFuture(billing.usage(account.billed(0, Long.MAX_VALUE).stream()
                        .filter(row -> !row.refund())
                        .toList()));
            case "POST upload" -> files.binary(call, "url");
            default -> Future.succeededFuture(balance());
        };
    }

    /** The query as the JSON object that the present calls take; numbers are numbers, where none is named the page is 1, of 20. */
    private static ObjectNode parameters(Call call) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("page", 1).put("page_size", 20);
        for (Map.Entry<String, String> parameter : call.request().params()) {
            String value = parameter.getValue();
            if (parameter.getKey().startsWith("page") && value.matches("\\d{1,9}")) {
                json.put(parameter.getKey(), Integer.parseInt(value));
            } else {
                json.put(parameter.getKey(), value);
            }
        }
        return json;
    }

    private Reply balance() {
        return Reply.success(json -> {
            json.writeStartObject();
            json.writeNumberField("balance", account.balance());
            json.writeStringField("currency", "USD");
            json.writeEndObject();
        });
    }
}
