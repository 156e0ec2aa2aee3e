package io.wavequeue.simulator.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/** An HTTP answer. Its text may hold the key, so it is only shown through {@link #shown}. */
final class Answer {
    private static final int SHOWN = 120;

    private final int status;
    private final HttpHeaders headers;
    private final byte[] body;
    private final String key;

    Answer(int status, HttpHeaders headers, byte[] body, String key) {
        this.status = status;
        this.headers = headers;
        this.body = body;
        this.key = key;
    }

    int status() {
        return status;
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    byte[] body() {
        return body;
    }

    /** The body; missing when it is not JSON. */
    JsonNode json() {
        try {
            JsonNode json = Json.MAPPER.readTree(body);
            return json == null ? MissingNode.getInstance() : json;
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    JsonNode data() {
        return json().path("data");
    }

    /** 200 by HTTP, and in the envelope too. */
    boolean isSuccess() {
        return status == 200 && json().path("code").asInt() == 200;
    }

    /** An error as the documents have it: this status, {@code code} and {@code message}. */
    boolean isProblem(int expected) {
        return status == expected
                && json().path("code").isInt()
                && json().path("message").isTextual();
    }

    /** Status and the start of the body, on one line and without the key. */
    String shown() {
        String text = new String(body, StandardCharsets.UTF_8).replace(key, "***");
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        String start = line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
        return "HTTP " + status + (start.isEmpty() ? " without a body" : " " + start);
    }
}
