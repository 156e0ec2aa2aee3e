package io.wavequeue.local.supervise;

import com.sun.net.httpserver.HttpServer;
import io.wavequeue.local.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The health address of a program: answers with one status after the other, then with the last one for ever. */
final class FakeHealth implements AutoCloseable {
    private final HttpServer server;

    FakeHealth(int... statuses) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()), 0);
        var asked = new AtomicInteger();
        server.createContext("/", exchange -> {
            int status = statuses[Math.min(asked.getAndIncrement(), statuses.length - 1)];
            var body = "{\"status\":\n  %d}".formatted(status).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/ready");
    }

    /** It always answers: whoever asks it on a busy machine waits. */
    Readiness readiness() {
        return new Readiness.Answers(uri(), Duration.ofMinutes(1));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
