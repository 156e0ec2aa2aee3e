package io.wavequeue.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Receives webhooks. */
final class Receiver implements AutoCloseable {
    private final BlockingQueue<Hook> hooks = new LinkedBlockingQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final HttpServer server;

    record Hook(URI uri, String id, String timestamp, String signature, String body) {
        JsonNode json() {
            return TestClient.read(body);
        }

        /** Whether it was signed with this secret, as the provider's documents describe it. */
        boolean isSignedWith(String secret) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(
                        secret.replaceFirst("^whsec_", "").getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
                byte[] digest = mac.doFinal((id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
                return signature.equals("v3," + HexFormat.of().formatHex(digest));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    Receiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::receive);
        server.start();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            hooks.add(new Hook(
                    exchange.getRequestURI(),
                    exchange.getRequestHeaders().getFirst("webhook-id"),
                    exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                    exchange.getRequestHeaders().getFirst("webhook-signature"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            boolean refuse = refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            exchange.sendResponseHeaders(refuse ? 500 : 200, -1);
        }
    }

    void refuse(int times) {
        refusals.set(times);
    }

    String url(String pathAndQuery) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + pathAndQuery;
    }

    Hook take() {
        try {
            Hook hook = hooks.poll(20, TimeUnit.SECONDS);
            if (hook == null) {
                throw new AssertionError("no webhook came within 20 s");
            }
            return hook;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    int waiting() {
        return hooks.size();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
