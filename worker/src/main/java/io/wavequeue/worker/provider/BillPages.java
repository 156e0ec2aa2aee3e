package io.wavequeue.worker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.job.BillRow;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The billing search: its question and its answer.
 *
 * <p>The provider's pages contradict each other about the form of times; the form that was taken last is tried first, and
 * the other one after a 400.
 */
final class BillPages {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_TEXT = 200;
    private static final BigDecimal IMPLAUSIBLE_USD = new BigDecimal(1_000_000);

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("3000-01-01T00:00:00Z");

    private volatile TimeForm form = TimeForm.ISO;

    /** Sends a question once. */
    @FunctionalInterface
    interface Search {
        Answer ask(String body) throws IOException, InterruptedException;
    }

    private enum TimeForm {
        ISO,
        EPOCH_MILLIS;

        String text(Instant time) {
            return switch (this) {
                case ISO -> time.toString();
                case EPOCH_MILLIS -> Long.toString(time.toEpochMilli());
            };
        }

        TimeForm other() {
            return this == ISO ? EPOCH_MILLIS : ISO;
        }
    }

    /**
     * One page of everything from that time on, oldest first.
     *
     * @param page from 1
     */
    BillPage page(Instant from, int page, Search search) throws IOException, InterruptedException {
        TimeForm usual = form;
        Answer answer = search.ask(question(usual, from, page));
        if (answer.effectiveStatus() == 400) {
            Answer second = search.ask(question(usual.other(), from, page));
            if (second.effectiveStatus() == 200) {
                form = usual.other();
                answer = second;
            }
        }
        return read(answer);
    }

    private static String question(TimeForm form, Instant from, int page) {
        ObjectNode question = JSON.createObjectNode();
        question.put("page", page);
        question.put("page_size", BillPage.SIZE);
        question.put("sort", "created_at ASC");
        question.put("start_time", form.text(from));
        return question.toString();
    }

    /** An answer without a list of items is no empty page: it must not pass for the bill's end. */
    static BillPage read(Answer answer) throws IOException {
        JsonNode items = answer.data().isArray() ? answer.data() : answer.data().path("items");
        if (answer.effectiveStatus() != 200 || !items.isArray()) {
            throw new IOException("the billing search answered " + answer.effectiveStatus()
                    + (answer.status() == 200 ? " without a list" : ""));
        }
        List<BillRow> rows = new ArrayList<>();
        int unreadable = 0;
        for (JsonNode item : items) {
            BillRow.@Nullable Kind kind = kind(item.path("billing_type").asText());
            if (kind == null) {
                continue;
            }
            BillRow row = row(item, kind);
            if (row == null) {
                unreadable++;
            } else {
                rows.add(row);
            }
        }
        JsonNode hasMore = answer.data().path("has_more");
        JsonNode total = answer.data().path("total");
        return new BillPage(
                rows,
                items.size(),
                unreadable,
                hasMore.isBoolean() ? hasMore.booleanValue() : null,
                total.canConvertToLong() ? total.longValue() : null);
    }

    /** Top-ups and whatever else a bill may hold are neither. */
    private static BillRow.@Nullable Kind kind(String type) {
        return switch (type) {
            case "deduct" -> BillRow.Kind.DEDUCT;
            case "refund" -> BillRow.Kind.REFUND;
            default -> null;
        };
    }

    private static @Nullable BillRow row(JsonNode item, BillRow.Kind kind) {
        JsonNode order = item.path("order");
        BigDecimal usd = amount(item.path("price"));
        if (usd == null) {
            usd = amount(order.path("price"));
        }
        Instant at = time(item.path("created_at"));
        if (usd == null || at == null) {
            return null;
        }
        JsonNode prediction = item.path("prediction");
        String predictionId = text(prediction.path("uuid"));
        String uuid = text(item.path("uuid"));
        return new BillRow(
                uuid == null ? name(predictionId, kind, usd, at) : uuid,
                predictionId,
                text(prediction.path("model_uuid")),
                kind,
                usd,
                at,
                !order.path("state").asText().equals("pre"));
    }

    /** A name for a line without one, the same whenever the line is read. */
    private static String name(@Nullable String predictionId, BillRow.Kind kind, BigDecimal usd, Instant at) {
        String content = predictionId + " " + kind + " " + usd.toPlainString() + " " + at;
        return UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Refunds may be written as negative amounts: the type says which way the money went. */
    private static @Nullable BigDecimal amount(JsonNode value) {
        if (!value.isNumber() && !value.isTextual()) {
            return null;
        }
        try {
            BigDecimal usd = new BigDecimal(value.asText().strip()).abs();
            return usd.compareTo(IMPLAUSIBLE_USD) < 0 ? usd : null;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }

    private static @Nullable Instant time(JsonNode value) {
        try {
            boolean epoch = value.canConvertToLong() || value.asText().matches("[0-9]{12,15}");
            Instant time = epoch
                    ? Instant.ofEpochMilli(value.asLong())
                    : OffsetDateTime.parse(value.asText()).toInstant();
            return time.isAfter(EARLIEST) && time.isBefore(LATEST) ? time : null;
        } catch (DateTimeException notATime) {
            return null;
        }
    }

    private static @Nullable String text(JsonNode value) {
        String text = value.asText().strip();
        return !value.isValueNode()
                        || value.isNull()
                        || text.isEmpty()
                        || text.length() > LONGEST_TEXT
                        || text.indexOf('\0') >= 0
                ? null
                : text;
    }
}
