package io.wavequeue.worker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A prediction as the provider's history or its result tells of it. Everything but the id may be missing.
 *
 * @param createdAt by the provider's clock; null = not told
 * @param input the JSON object that it was made from; null = not told
 */
public record HistoryItem(
        String id,
        @Nullable String model,
        @Nullable Instant createdAt,
        @Nullable JsonNode input) {

    /** Null when it has no id. */
    static @Nullable HistoryItem of(JsonNode item) {
        String id = item.path("id").asText("");
        return id.isEmpty()
                ? null
                : new HistoryItem(id, item.path("model").asText(null), time(item.path("created_at")), input(item));
    }

    private static @Nullable Instant time(JsonNode text) {
        try {
            return text.isTextual() ? OffsetDateTime.parse(text.textValue()).toInstant() : null;
        } catch (DateTimeException unreadable) {
            return null;
        }
    }

    private static @Nullable JsonNode input(JsonNode item) {
        for (String name : new String[] {"input", "inputs"}) {
            if (item.path(name).isObject() && !item.path(name).isEmpty()) {
                return item.path(name);
            }
        }
        return null;
    }
}
