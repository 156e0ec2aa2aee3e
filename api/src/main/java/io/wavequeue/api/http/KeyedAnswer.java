package io.wavequeue.api.http;

import io.wavequeue.store.Idempotency.Answer;
import io.wavequeue.store.Idempotency.Result;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The answer to a call that may carry an Idempotency-Key: its own, or the first one again. */
public final class KeyedAnswer {
    private static final String REPLAYED = "Idempotent-Replayed";

    private KeyedAnswer() {}

    /** The answer; a {@link ProblemException} when the key came with another request before. */
    public static Response of(Result result) {
        return switch (result) {
            case Result.Made(Answer answer) -> response(answer).build();
            case Result.Repeated(Answer first) ->
                response(first).header(REPLAYED, "true").build();
            case Result.OtherBody other ->
                throw new ProblemException(
                        ProblemKind.KEY_REUSED,
                        "this key came with another request before; use a new key for a new request");
        };
    }

    private static Response.ResponseBuilder response(Answer answer) {
        return Response.status(answer.status())
                .header(HttpHeaders.LOCATION, answer.location())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(answer.body());
    }
}
