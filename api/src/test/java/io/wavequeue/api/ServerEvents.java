package io.wavequeue.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A reader of server-sent events, as a browser is one. */
final class ServerEvents implements AutoCloseable {
    /** What is put last. */
    static final Map<String, String> END = Map.of();

    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpResponse<Stream<String>> answer;
    private final BlockingQueue<Map<String, String>> events = new LinkedBlockingQueue<>();

    ServerEvents(URI address, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        if (headers.length > 0) {
            request.headers(headers);
        }
        answer = client.send(request.build(), BodyHandlers.ofLines());
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        Map<String, String> event = new HashMap<>();
        try (Stream<String> lines = answer.body()) {
            lines.forEach(line -> {
                if (line.isEmpty() && !event.isEmpty()) {
                    events.add(Map.copyOf(event));
                    event.clear();
                } else if (line.indexOf(':') > 0) {
                    event.put(
                            line.substring(0, line.indexOf(':')),
                            line.substring(line.indexOf(':') + 1).strip());
                }
            });
        } catch (UncheckedIOException closed) {
            return;
        }
        events.add(END);
    }

    int status() {
        return answer.statusCode();
    }

    /** The next event of that name, within a deadline; others are passed over. */
    Map<String, String> next(String name) throws InterruptedException {
        Map<String, String> event = next();
        while (!name.equals(event.get("event"))) {
            assertThat(event).as("waiting for " + name).isNotEqualTo(END);
            event = next();
        }
        return event;
    }

    Map<String, String> next() throws InterruptedException {
        Map<String, String> event = events.poll(60, TimeUnit.SECONDS);
        assertThat(event).as("an event within 60 s").isNotNull();
        return event;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
