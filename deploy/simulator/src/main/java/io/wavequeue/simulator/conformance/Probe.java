package io.wavequeue.simulator.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sends one call at a time. HTTP/1.1 and no redirects: over HTTP/2 java.net.http may send a POST twice, and a redirect
 * would carry the key elsewhere.
 */
final class Probe implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The lowest account level is said to allow 2 submits a minute. */
    private static final Duration BETWEEN_SUBMITS = Duration.ofSeconds(31);

    private final String base;
    private final String key;
    private final Pace pace;
    private final HttpClient http = client();
    private final Set<String> throttles = new TreeSet<>();
    private Instant nextSubmit = Instant.MIN;
    private int answers;

    /** @param base the root, without {@code /api/v3} and without a slash at its end */
    Probe(String base, String key, Pace pace) {
        this.base = base;
        this.key = key;
        this.pace = pace;
    }

    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .build();
    }

    Answer get(String path) throws NoAnswerException, InterruptedException {
        return get(path, key);
    }

    Answer get(String path, String otherKey) throws NoAnswerException, InterruptedException {
        return send(http, keyed(path, otherKey).GET());
    }

    Answer post(String path, JsonNode body) throws NoAnswerException, InterruptedException {
        return send(
                http,
                keyed(path, key).header("Content-Type", "application/json").POST(json(body)));
    }

    /**
     * Sends a submit once, not too soon after the one before, over a connection of its own: a pooled one may just be
     * closing, and then nobody knows.
     */
    Answer submit(String model, JsonNode inputs) throws NoAnswerException, InterruptedException {
        Instant now = pace.now();
        if (now.isBefore(nextSubmit)) {
            pace.pause(Duration.between(now, nextSubmit));
        }
        nextSubmit = pace.now().plus(BETWEEN_SUBMITS);
        try (HttpClient once = client()) {
            return send(
                    once,
                    keyed(model, key).header("Content-Type", "application/json").POST(json(inputs)));
        }
    }

    /** Sends a file where a ticket says, without the key. */
    Answer put(String url, Map<String, String> headers, byte[] file) throws NoAnswerException, InterruptedException {
        HttpRequest.Builder request = request(url).PUT(BodyPublishers.ofByteArray(file));
        try {
            headers.forEach(request::setHeader);
        } catch (IllegalArgumentException e) {
            throw new NoAnswerException("a header of the ticket cannot be sent: " + e.getMessage(), e);
        }
        return send(http, request);
    }

    /** Opens an address that an answer named, without the key. */
    Answer open(String url) throws NoAnswerException, InterruptedException {
        return send(http, request(url).GET());
    }

    private HttpRequest.Builder keyed(String path, String with) throws NoAnswerException {
        return request(base + "/api/v3/" + path).header("Authorization", "Bearer " + with);
    }

    private static HttpRequest.Builder request(String url) throws NoAnswerException {
        try {
            return HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
        } catch (IllegalArgumentException e) {
            throw new NoAnswerException("an answer named an address that is none", e);
        }
    }

    private static BodyPublisher json(JsonNode body) {
        return BodyPublishers.ofString(Json.text(body));
    }

    private Answer send(HttpClient client, HttpRequest.Builder request) throws NoAnswerException, InterruptedException {
        try {
            HttpRequest ready = request.setHeader("Accept", "*/*").build();
            HttpResponse<byte[]> response = client.send(ready, BodyHandlers.ofByteArray());
            Answer answer = new Answer(response.statusCode(), response.headers(), response.body(), key);
            answers++;
            if (answer.status() == 429) {
                String seconds = answer.header("Retry-After");
                throttles.add(seconds.isEmpty() ? "without Retry-After" : "with Retry-After: " + seconds);
            }
            return answer;
        } catch (IOException e) {
            String message = e.getMessage();
            throw new NoAnswerException(
                    "no answer: " + e.getClass().getSimpleName() + (message == null ? "" : ", " + message), e);
        }
    }

    int answers() {
        return answers;
    }

    /** How the 429s among the answers looked. */
    Set<String> throttles() {
        return throttles;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
