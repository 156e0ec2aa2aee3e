package io.wavequeue.worker.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP answer of the provider, read leniently: every field may be absent, and a body may be no JSON at all.
 *
 * @param status the HTTP status
 * @param retryAfter the header's text; null = absent
 * @param body the JSON, or missing
 */
record Answer(int status, @Nullable String retryAfter, JsonNode body) {
    /** A factory keeps the names that it read. */
    private static final int LONGEST_NAME = 1_000;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNameLength(LONGEST_NAME).build())
            .build());

    /** Makes an answer of what came. */
    @FunctionalInterface
    interface Reader {
        Answer read(int status, @Nullable String retryAfter, byte[] bytes);
    }

    private interface Parser {
        @Nullable
        JsonNode parse(byte[] bytes) throws IOException;
    }

    static Answer of(int status, @Nullable String retryAfter, byte[] bytes) {
        return new Answer(status, retryAfter, parse(JSON::readTree, bytes));
    }

    /** The same, with no more of the body than a look at a prediction needs. */
    static Answer ofLook(int status, @Nullable String retryAfter, byte[] bytes) {
        return new Answer(status, retryAfter, parse(text -> LookBody.read(JSON, text), bytes));
    }

    private static JsonNode parse(Parser parser, byte[] bytes) {
        try {
            JsonNode body = parser.parse(bytes);
            return body == null ? MissingNode.getInstance() : body;
        } catch (JsonProcessingException notJson) {
            return MissingNode.getInstance();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The envelope's {@code data}, or the body itself where there is no envelope. */
    JsonNode data() {
        return body.has("data") ? body.path("data") : body;
    }

    /** HTTP 200 with another code in the envelope counts as that code. */
    int effectiveStatus() {
        JsonNode code = body.path("code");
        boolean envelope = body.has("data") || body.has("message");
        return status == 200 && envelope && code.isInt() && code.intValue() != 200 ? code.intValue() : status;
    }

    /** The code that an error body repeats or adds; 0 = none. */
    int code() {
        return body.path("code").asInt(0);
    }

    /** What the provider says, in at most one line; empty = nothing. */
    String message() {
        for (String field : new String[] {"message", "error", "detail"}) {
            JsonNode text = body.path(field);
            if (text.isTextual() && !text.textValue().isBlank()) {
                return text.textValue();
            }
        }
        return "";
    }
}
