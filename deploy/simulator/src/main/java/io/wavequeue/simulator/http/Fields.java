package io.wavequeue.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.account.Micros;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads fields of a request, or says what is wrong with them. */
final class Fields {
    private Fields() {}

    /** One from 1 on; {@code otherwise} where there is none, which null forbids. */
    static int number(JsonNode json, String field, @Nullable Integer otherwise, int max) throws BadRequest {
        return number(json, field, otherwise, 1, max);
    }

    static int number(JsonNode json, String field, @Nullable Integer otherwise, int min, int max) throws BadRequest {
        JsonNode value = json.get(field);
        if ((value == null || value.isNull()) && otherwise != null) {
            return otherwise;
        }
        if (value == null || !value.isIntegralNumber() || !value.canConvertToInt()) {
            throw new BadRequest("field \"" + field + "\" must be an integer");
        }
        if (value.intValue() < min || value.intValue() > max) {
            String rule = max == Integer.MAX_VALUE ? "at least " + min : "between " + min + " and " + max;
            throw new BadRequest("field \"" + field + "\" must be " + rule);
        }
        return value.intValue();
    }

    static @Nullable String text(JsonNode json, String field) throws BadRequest {
        JsonNode value = json.get(field);
        if (value == null || value.isNull() || value.asText().isEmpty()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new BadRequest("field \"" + field + "\" must be a string");
        }
        return value.textValue();
    }

    /** An ISO-8601 time as {@link Micros}. */
    static long time(JsonNode json, String field, long otherwise) throws BadRequest {
        return time(json, field, otherwise, "an ISO-8601 time", text -> OffsetDateTime.parse(text)
                .toInstant());
    }

    /** A time as {@link Micros}, read in another way. */
    static long time(JsonNode json, String field, long otherwise, String rule, Function<String, Instant> reader)
            throws BadRequest {
        JsonNode value = json.get(field);
        String text = value != null && value.isIntegralNumber() ? value.asText() : text(json, field);
        if (text == null) {
            return otherwise;
        }
        try {
            return Micros.of(reader.apply(text));
        } catch (DateTimeParseException | ArithmeticException | NumberFormatException e) {
            throw new BadRequest("field \"" + field + "\" must be " + rule, e);
        }
    }
}
