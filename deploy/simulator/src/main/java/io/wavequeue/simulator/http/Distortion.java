package io.wavequeue.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultAction.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a fault makes of an answer. */
final class Distortion {
    private static final byte[] NOTHING = new byte[0];

    private Distortion() {}

    /** What goes over the wire. */
    sealed interface Sent {
        record Whole(Reply reply) implements Sent {}

        /** Announced whole, sent up to this many bytes, then closed. */
        record Part(Reply reply, int bytes) implements Sent {}

        record Nothing(boolean reset) implements Sent {}
    }

    /**
     * What is sent of an answer.
     *
     * @param action null when no fault strikes
     * @param bare whether the envelope is taken off: after a fault that is about the envelope or what it holds, and before
     *     one that is about bytes and connections
     */
    static Sent apply(FaultAction.@Nullable OfAnswer action, Reply reply, boolean bare) {
        Reply said = action == null ? reply : said(action, reply);
        Reply worn = bare ? bare(said) : said;
        return action == null ? new Sent.Whole(worn) : sent(action, worn);
    }

    private static Reply said(FaultAction.OfAnswer action, Reply reply) {
        return switch (action) {
            case Answer answer -> answer(answer);
            case FaultAction.NullData() -> Reply.success(json -> json.writeNull());
            case FaultAction.Envelope(int code, boolean withData) -> envelope(reply, code, withData);
            case FaultAction.ShowStatus(String status) -> showing(reply, status);
            case FaultAction.Drop drop -> reply;
            case FaultAction.Cut cut -> reply;
            case FaultAction.CutJson cut -> reply;
            case FaultAction.Pass pass -> reply;
            case FaultAction.Shorten shorten -> reply;
            case FaultAction.Pad pad -> reply;
            case FaultAction.Type type -> reply;
        };
    }

    private static Sent sent(FaultAction.OfAnswer action, Reply reply) {
        int length = reply.body().length;
        return switch (action) {
            case Answer answer -> new Sent.Whole(reply);
            case FaultAction.NullData() -> new Sent.Whole(reply);
            case FaultAction.Envelope envelope -> new Sent.Whole(reply);
            case FaultAction.ShowStatus shown -> new Sent.Whole(reply);
            case FaultAction.Pass() -> new Sent.Whole(reply);
            case FaultAction.Drop(boolean reset) -> new Sent.Nothing(reset);
            case FaultAction.Cut(Integer bytes) ->
                new Sent.Part(reply, Math.min(bytes == null ? length / 2 : bytes, Math.max(0, length - 1)));
            case FaultAction.CutJson() -> new Sent.Whole(reply.withBody(Arrays.copyOf(reply.body(), length * 2 / 3)));
            case FaultAction.Shorten(Integer bytes) ->
                new Sent.Whole(reply.withBody(
                        Arrays.copyOf(reply.body(), bytes == null ? length / 2 : Math.min(bytes, length))));
            case FaultAction.Pad(int bytes) -> new Sent.Whole(reply.withBody(padded(reply.body(), bytes)));
            case FaultAction.Type(String type) ->
                new Sent.Whole(new Reply(reply.status(), type, reply.body(), reply.headers()));
        };
    }

    private static byte[] padded(byte[] body, int bytes) {
        byte[] longer = Arrays.copyOf(body, Math.max(body.length, bytes));
        Arrays.fill(longer, body.length, longer.length, (byte) ' ');
        return longer;
    }

    private static Reply answer(Answer answer) {
        Reply reply =
                switch (answer.body()) {
                    case JSON -> {
                        Integer code = answer.code();
                        String message = answer.message();
                        yield Reply.problem(
                                answer.status(),
                                code == null ? answer.status() : code,
                                message == null ? "simulated fault" : message);
                    }
                    case HTML -> Reply.html(answer.status());
                    case EMPTY -> new Reply(answer.status(), Reply.JSON, NOTHING, java.util.Map.of());
                };
        Integer seconds = answer.retryAfter();
        String location = answer.location();
        Reply dated = seconds == null ? reply : reply.withHeader("Retry-After", seconds.toString());
        return location == null ? dated : dated.withHeader("Location", location);
    }

    private static Reply envelope(Reply reply, int code, boolean withData) {
        ObjectNode json = read(reply);
        json.put("code", code);
        json.put("message", "simulated fault");
        if (!withData) {
            json.putNull("data");
        }
        return Reply.json(200, Json.bytes(json));
    }

    private static Reply showing(Reply reply, String status) {
        ObjectNode json = read(reply);
        JsonNode data = json.get("data");
        if (!(data instanceof ObjectNode prediction)) {
            return reply;
        }
        prediction.put("status", status);
        prediction.putArray("outputs");
        return reply.withBody(Json.bytes(json));
    }

    /** An answer of success without its envelope; what an envelope calls a problem keeps it. */
    private static Reply bare(Reply reply) {
        if (reply.status() != 200 || !reply.contentType().equals(Reply.JSON)) {
            return reply;
        }
        JsonNode json = read(reply);
        return json.has("data") && json.path("code").asInt() == 200
                ? reply.withBody(Json.bytes(json.path("data")))
                : reply;
    }

    private static ObjectNode read(Reply reply) {
        try {
            return Json.MAPPER.readTree(reply.body()) instanceof ObjectNode object
                    ? object
                    : Json.MAPPER.createObjectNode();
        } catch (IOException e) {
            throw new UncheckedIOException("an answer of our own cannot be read", e);
        }
    }
}
