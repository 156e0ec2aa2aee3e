package io.wavequeue.local.supervise;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;

/** How a program shows that it can be used. */
public sealed interface Readiness {

    /** A GET of this address answers 200. */
    record Answers(URI uri) implements Readiness {
        private static final Duration TIMEOUT = Duration.ofSeconds(2);

        boolean holds() {
            try {
                var connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
                connection.setConnectTimeout(Math.toIntExact(TIMEOUT.toMillis()));
                connection.setReadTimeout(Math.toIntExact(TIMEOUT.toMillis()));
                connection.setInstanceFollowRedirects(false);
                try {
                    return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
                } finally {
                    connection.disconnect();
                }
            } catch (IOException e) {
                return false; // it does not listen yet
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
