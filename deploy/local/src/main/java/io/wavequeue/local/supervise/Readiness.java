package io.wavequeue.local.supervise;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** How a program shows that it can be used. */
public sealed interface Readiness {

    /**
     * A GET of this address answers 200.
     *
     * @param within how long one connection, and then one answer, is waited for
     */
    record Answers(URI uri, Duration within) implements Readiness {
        private static final Duration USUALLY_WITHIN = Duration.ofSeconds(2);

        private static final int MOST_OF_A_BODY = 1_000;

        public Answers(URI uri) {
            this(uri, USUALLY_WITHIN);
        }

        /** Why it is not ready, with the body of the answer; empty when it is. */
        String obstacle() {
            try {
                var connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
                connection.setConnectTimeout(Math.toIntExact(within.toMillis()));
                connection.setReadTimeout(Math.toIntExact(within.toMillis()));
                connection.setInstanceFollowRedirects(false);
                try {
                    int status = connection.getResponseCode();
                    return status == HttpURLConnection.HTTP_OK
                            ? ""
                            : "%s answers %d %s".formatted(uri, status, body(connection));
                } finally {
                    connection.disconnect();
                }
            } catch (IOException e) {
                return "%s does not answer (%s)".formatted(uri, e.getMessage());
            }
        }

        private static String body(HttpURLConnection connection) throws IOException {
            try (var body = connection.getErrorStream()) {
                return body == null
                        ? ""
                        : new String(body.readNBytes(MOST_OF_A_BODY), StandardCharsets.UTF_8).replaceAll("\\s+", " ");
            }
        }
    }

    /** The program writes a line that contains this text. */
    record Says(String text) implements Readiness {
        public Says {
            if (text.isBlank()) {
                throw new IllegalArgumentException("the ready line is blank");
            }
        }
    }
}
