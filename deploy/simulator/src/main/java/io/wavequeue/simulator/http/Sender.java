package io.wavequeue.simulator.http;

import io.netty.channel.ChannelOption;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Puts answers on the wire, whole, in part or not at all. */
final class Sender {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private long dateSecond = Long.MIN_VALUE;
    private String date = "";

    Sender(InstantSource clock) {
        this.clock = clock;
    }

    void send(HttpServerRequest request, Distortion.Sent sent) {
        if (request.response().closed()) {
            return;
        }
        switch (sent) {
            case Distortion.Sent.Whole(Reply reply) -> whole(request, reply);
            case Distortion.Sent.Part(Reply reply, int bytes) -> part(request, reply, bytes);
            case Distortion.Sent.Nothing(boolean reset) -> close(request, reset);
        }
    }

    private void whole(HttpServerRequest request, Reply reply) {
        HttpServerResponse response = head(request, reply);
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(Buffer.buffer(reply.body()));
        }
    }

    private void part(HttpServerRequest request, Reply reply, int bytes) {
        head(request, reply)
                .write(Buffer.buffer(reply.body()).slice(0, bytes))
                .onComplete(written -> close(request, false));
    }

    private HttpServerResponse head(HttpServerRequest request, Reply reply) {
        HttpServerResponse response = request.response().setStatusCode(reply.status());
        response.putHeader("Content-Type", reply.contentType());
        response.putHeader("Content-Length", Integer.toString(reply.body().length));
        response.putHeader("Date", date());
        reply.headers().forEach(response::putHeader);
        return response;
    }

    private String date() {
        Instant now = clock.instant();
        if (now.getEpochSecond() != dateSecond) {
            dateSecond = now.getEpochSecond();
            date = HTTP_DATE.format(now);
        }
        return date;
    }

    private static void close(HttpServerRequest request, boolean reset) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset();
            return;
        }
        if (reset && request.connection() instanceof ConnectionBase connection) {
            // with a linger of 0 the system sends RST instead of an orderly end
            connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        request.connection().close();
    }
}
