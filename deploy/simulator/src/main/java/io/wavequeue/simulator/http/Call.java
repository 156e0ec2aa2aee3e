package io.wavequeue.simulator.http;

import io.vertx.core.http.HttpServerRequest;
import io.wavequeue.simulator.account.BodyHash;

/** One request with its body. Not a record: what belongs to the body is found once and late. */
final class Call {
    private final HttpServerRequest request;
    private final Route route;
    private final byte[] body;
    private BodyHash hash = new BodyHash(0, 0, 0, 0);
    private int bodiesBefore;

    Call(HttpServerRequest request, Route route, byte[] body) {
        this.request = request;
        this.route = route;
        this.body = body;
    }

    HttpServerRequest request() {
        return request;
    }

    Endpoint endpoint() {
        return route.endpoint();
    }

    String argument() {
        return route.argument();
    }

    byte[] body() {
        return body;
    }

    /** The address under which the client knows this server: URLs in answers must lead back to it. */
    String baseUrl() {
        String host = request.getHeader("Host");
        if (host == null) {
            host = request.authority() == null
                    ? "localhost"
                    : request.authority().toString();
        }
        return request.scheme() + "://" + host;
    }

    void hashed(BodyHash hash, int bodiesBefore) {
        this.hash = hash;
        this.bodiesBefore = bodiesBefore;
    }

    BodyHash hash() {
        return hash;
    }

    int bodiesBefore() {
        return bodiesBefore;
    }
}
