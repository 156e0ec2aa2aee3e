package io.wavequeue.simulator.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.Bill;
import io.wavequeue.simulator.account.Micros;
import io.wavequeue.simulator.account.Prediction;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.simulator.account.Status;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** The bill: one row per charge and one per refund, and what they add up to. */
final class BillingEndpoints {
    private static final int DEFAULT_PAGE_SIZE = 20;
    private static final int MAX_PAGE_SIZE = 100;
    private static final String ACCESS_KEY = "ak_simulator";
    private static final long LAST = Long.MAX_VALUE / 2;
    private static final Set<String> SORTS = Set.of("created_at DESC", "created_at ASC");

    private final Account account;

    BillingEndpoints(Account account) {
        this.account = account;
    }

    Reply search(Call call) throws BadRequest {
        return search(Json.object(call.body()));
    }

    Reply search(JsonNode json) throws BadRequest {
        String sort = Fields.text(json, "sort");
        if (sort != null && !SORTS.contains(sort)) {
            throw new BadRequest("field \"sort\" must be created_at ASC or created_at DESC");
        }
        String accessKey = Fields.text(json, "access_key_uuid");
        Set<String> predictions = new HashSet<>();
        json.path("prediction_uuids").forEach(id -> predictions.add(id.asText()));
        Bill.Query query = new Bill.Query(
                Fields.number(json, "page", 1, Integer.MAX_VALUE),
                Fields.number(json, "page_size", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE),
                Fields.text(json, "billing_type"),
                Fields.text(json, "model_uuid"),
                predictions,
                time(json, "start_time", 0),
                accessKey == null || accessKey.equals(ACCESS_KEY) ? time(json, "end_time", LAST) : -1,
                "created_at ASC".equals(sort));
        Bill.Page page = account.bill(query);
        boolean withTotal = account.settings().is(Setting.BILLING_PAGING, "total");
        return Reply.success(out -> {
            out.writeStartObject();
            out.writeNumberField("page", query.page());
            if (withTotal) {
                out.writeNumberField("total", page.total());
            } else {
                out.writeBooleanField("has_more", (long) query.page() * query.pageSize() < page.total());
            }
            out.writeArrayFieldStart("items");
            for (Bill.Row row : page.items()) {
                write(out, row);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private long time(JsonNode json, String field, long otherwise) throws BadRequest {
        String taken = account.settings().get(Setting.BILLING_TIME);
        return Fields.time(json, field, otherwise, "a time", text -> {
            boolean epoch = text.chars().allMatch(Character::isDigit);
            if (epoch == taken.equals("iso") && !taken.equals("any")) {
                throw new NumberFormatException("another form of time than this setting takes");
            }
            return epoch
                    ? Instant.ofEpochMilli(Long.parseLong(text))
                    : OffsetDateTime.parse(text).toInstant();
        });
    }

    private static void write(JsonGenerator json, Bill.Row row) throws IOException {
        Prediction prediction = row.prediction();
        boolean done = prediction.endedAt() >= 0;
        json.writeStartObject();
        json.writeStringField("uuid", uuid(row, row.type()));
        json.writeStringField("access_key_id", ACCESS_KEY);
        json.writeStringField("access_key_name", "simulator");
        json.writeStringField("billing_type", row.type());
        json.writeNumberField("price", row.price());
        json.writeStringField("created_at", Micros.toInstant(row.at()).toString());
        long updated = row.refund() || !done ? row.at() : prediction.endedAt();
        json.writeStringField("updated_at", Micros.toInstant(updated).toString());
        json.writeObjectFieldStart("order");
        json.writeStringField("uuid", uuid(row, "order"));
        json.writeStringField("state", done ? "done" : "pre");
        json.writeNumberField("price", row.price());
        json.writeNumberField("origin_price", row.price());
        json.writeStringField("status", row.refund() ? "refunded" : "paid");
        json.writeStringField("ak_id", ACCESS_KEY);
        json.writeEndObject();
        json.writeObjectFieldStart("prediction");
        json.writeStringField("uuid", prediction.id());
        json.writeStringField("model_uuid", prediction.submission().model().id());
        json.writeStringField("status", prediction.status().text());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static String uuid(Bill.Row row, String kind) {
        String name = row.prediction().id() + kind + row.number();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Sums of a window of time, by model and by day. */
    Reply usage(Call call) throws BadRequest {
        JsonNode json = Json.object(call.body());
        String model = Fields.text(json, "model_uuid");
        List<Bill.Row> rows = account.billed(Fields.time(json, "start_time", 0), Fields.time(json, "end_time", LAST));
        return usage(rows.stream()
                .filter(row -> !row.refund()
                        && (model == null
                                || model.equals(
                                        row.prediction().submission().model().id())))
                .toList());
    }

    Reply usage(List<Bill.Row> charges) {
        Map<String, Sum> byModel = new TreeMap<>();
        Map<LocalDate, Sum> byDay = new TreeMap<>();
        Map<LocalDate, Set<String>> modelsByDay = new TreeMap<>();
        Sum all = new Sum();
        for (Bill.Row row : charges) {
            String model = row.prediction().submission().model().id();
            LocalDate date = Micros.toInstant(row.at()).atZone(ZoneOffset.UTC).toLocalDate();
            byModel.computeIfAbsent(model, id -> new Sum()).add(row);
            byDay.computeIfAbsent(date, day -> new Sum()).add(row);
            modelsByDay.computeIfAbsent(date, day -> new TreeSet<>()).add(model);
            all.add(row);
        }
        return Reply.success(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("per_model_usage");
            for (Map.Entry<String, Sum> entry : byModel.entrySet()) {
                Sum sum = entry.getValue();
                out.writeStartObject();
                out.writeStringField("model_uuid", entry.getKey());
                out.writeStringField("model_type", "audio");
                out.writeNumberField("unit_price", sum.last);
                out.writeNumberField("total_cost", sum.cost);
                out.writeNumberField("total_count", sum.count);
                out.writeStringField(
                        "last_used_date", Micros.toInstant(sum.lastAt).toString());
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeArrayFieldStart("daily_usage");
            for (Map.Entry<LocalDate, Sum> entry : byDay.entrySet()) {
                out.writeStartObject();
                out.writeStringField("date", entry.getKey().toString());
                out.writeNumberField("amount", entry.getValue().cost);
                out.writeNumberField("count", entry.getValue().count);
                out.writeArrayFieldStart("models");
                for (String model : modelsByDay.getOrDefault(entry.getKey(), Set.of())) {
                    out.writeString(model);
                }
                out.writeEndArray();
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeObjectFieldStart("summary");
            out.writeNumberField("total_cost", all.cost);
            out.writeNumberField("total_requests", all.count);
            out.writeNumberField("success_requests", all.completed);
            out.writeEndObject();
            out.writeEndObject();
        });
    }

    private static final class Sum {
        private BigDecimal cost = BigDecimal.ZERO.setScale(6);
        private BigDecimal last = BigDecimal.ZERO;
        private long count;
        private long completed;
        private long lastAt;

        void add(Bill.Row row) {
            cost = cost.add(row.price());
            last = row.price();
            lastAt = row.at();
            // a second charge for the same prediction is no second request
            boolean isRequest = row.number() == 0;
            count += isRequest ? 1 : 0;
            completed += isRequest && row.prediction().status() == Status.COMPLETED ? 1 : 0;
        }
    }
}
