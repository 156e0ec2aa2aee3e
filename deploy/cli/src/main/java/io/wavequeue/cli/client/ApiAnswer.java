package io.wavequeue.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** A 2xx answer: its bytes as they came, and its JSON when asked. */
public final class ApiAnswer {

    private final String from;
    private final byte[] body;

    ApiAnswer(String from, byte[] body) {
        this.from = from;
        this.body = body;
    }

    /** The body, unchanged. */
    public byte[] raw() {
        return body.clone();
    }

    /** The body as JSON. */
    public JsonNode json() {
        try {
            return Json.read(body);
        } catch (IOException e) {
            throw new ApiUnreadableException("the answer of " + from + " is no JSON; is this Wavequeue's API?");
        }
    }
}
