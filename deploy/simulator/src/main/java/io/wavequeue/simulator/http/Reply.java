package io.wavequeue.simulator.http;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** An answer before it is sent. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and a copy per request would cost
record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
    static final String JSON = "application/json; charset=utf-8";

    static Reply file(String contentType, byte[] bytes) {
        return new Reply(200, contentType, bytes, Map.of());
    }

    static Reply json(int status, byte[] json) {
        return new Reply(status, JSON, json, Map.of());
    }

    /** The provider's envelope of success around {@code data}. */
    static Reply success(Json.Writer data) {
        return json(200, Json.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("code", 200);
            json.writeStringField("message", "success");
            json.writeFieldName("data");
            data.writeTo(json);
            json.writeEndObject();
        }));
    }

    /** The provider's way of saying no. */
    static Reply problem(int status, int code, String message) {
        return json(status, Json.bytes(json -> {
            json.writeStartObject();
            json.writeNumberField("code", code);
            json.writeStringField("message", message);
            json.writeEndObject();
        }));
    }

    static Reply problem(int status, String message) {
        return problem(status, status, message);
    }

    static Reply html(int status) {
        String page = "<html><head><title>" + status + "</title></head><body><h1>" + status + "</h1></body></html>\n";
        return new Reply(status, "text/html", page.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    Reply withHeader(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Reply(status, contentType, body, more);
    }

    Reply withBody(byte[] changed) {
        return new Reply(status, contentType, changed, headers);
    }
}
