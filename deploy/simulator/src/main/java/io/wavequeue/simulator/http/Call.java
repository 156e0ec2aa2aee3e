package io.wavequeue.simulator.http;

import io.vertx.core.http.HttpServerRequest;
import io.wavequeue.simulator.account.BodyHash;
import org.jspecify.annotations.Nullable;

/** One request with its body. Not a record: what belongs to the body is found once and late. */
final class Call {
    private static final String SCHEME = "Bearer ";
    private static final BodyHash NONE = new BodyHash(0, 0, 0, 0);

    private final HttpServerRequest request;
    private final Route route;
    private final byte[] body;
    private BodyHash hash = NONE;
    private BodyHash marker = NONE;
    private int markersBefore;

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

    /** A parameter of the query, decoded. */
    @Nullable
    String parameter(String name) {
        return request.getParam(name);
    }

    /** The API key, empty where there is none. */
    String key() {
        String authorization = request.getHeader("Authorization");
        return authorization != null && authorization.startsWith(SCHEME)
                ? authorization.substring(SCHEME.length()).strip()
                : "";
    }

    void hashed(BodyHash hash, BodyHash marker, int markersBefore) {
        this.hash = hash;
        this.marker = marker;
        this.markersBefore = markersBefore;
    }

    BodyHash hash() {
        return hash;
    }

    /** What draws follow from: the body's hash, with addresses of files of this simulator left out. */
    BodyHash marker() {
        return marker;
    }

    int markersBefore() {
        return markersBefore;
    }
}
