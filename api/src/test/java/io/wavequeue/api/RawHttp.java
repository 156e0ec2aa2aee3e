package io.wavequeue.api;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Sends bytes as they are, for requests that no HTTP client would make, and reads until the server closes. */
final class RawHttp {
    private static final int PATIENCE_MILLIS = 20_000;

    private final URI server;

    RawHttp(URI server) {
        this.server = server;
    }

    /** The head of a request with its last lines, up to the empty one. */
    String get(String target, String... headers) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\n" + String.join("\r\n", headers)
                + (headers.length == 0 ? "" : "\r\n") + "Connection: close\r\n\r\n");
    }

    String send(String request) throws IOException {
        return send(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    String send(byte[] request) throws IOException {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    String host() {
        return "Host: localhost:" + server.getPort();
    }

    static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }
}
