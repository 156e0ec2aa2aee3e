package io.wavequeue.simulator;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Speaks to a simulator as a client of the provider would. */
final class TestClient implements AutoCloseable {
    static final String MUSIC = "stability-ai/stable-audio-3/music";
    static final String ACE_STEP = "wavespeed-ai/ace-step/audio-outpaint";
    static final String SONG = "{\"prompt\":\"a song\",\"duration\":3}";

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String base;
    private final String key;

    record Answer(int status, String text, HttpResponse<byte[]> response) {
        JsonNode json() {
            return read(text);
        }

        JsonNode data() {
            return json().path("data");
        }

        String id() {
            return data().path("id").asText();
        }
    }

    TestClient(Simulator simulator) {
        this(simulator, "any");
    }

    TestClient(Simulator simulator, String key) {
        this.base = simulator.baseUrl();
        this.key = key;
    }

    static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String write(JsonNode json) {
        try {
            return MAPPER.writeValueAsString(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer submit(String model, String body) {
        return post("/api/v3/" + model, body);
    }

    Answer submitSong() {
        return submit(MUSIC, SONG);
    }

    Answer result(String id) {
        return get("/api/v3/predictions/" + id + "/result");
    }

    Answer history(String body) {
        return post("/api/v3/predictions", body);
    }

    Answer order(String fault) {
        return post("/admin/faults", fault);
    }

    Answer post(String path, String body) {
        return send(request(path).POST(BodyPublishers.ofString(body)).build());
    }

    Answer get(String path) {
        return send(request(path).build());
    }

    /** Uploads by ticket and says where the file is. */
    String upload(String name, String content) {
        String ticket = "{\"filename\":\"" + name + "\",\"size\":" + content.length() + "}";
        String url = post("/api/v3/media/uploads", ticket)
                .data()
                .path("download_url")
                .asText();
        Answer put = send(request(url)
                .header("Content-Type", "application/octet-stream")
                .header("If-None-Match", "*")
                .PUT(BodyPublishers.ofString(content))
                .build());
        if (put.status() != 200) {
            throw new AssertionError("the upload was answered with " + put.status() + " " + put.text());
        }
        return url;
    }

    /** Sends a request that the connection may not survive. */
    HttpResponse<byte[]> tryPost(String path, String body) throws IOException {
        return trySend(request(path).POST(BodyPublishers.ofString(body)).build());
    }

    HttpResponse<byte[]> tryGet(String path) throws IOException {
        return trySend(request(path).build());
    }

    Answer send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = trySend(request);
            return new Answer(
                    response.statusCode(),
                    new String(response.body(), java.nio.charset.StandardCharsets.UTF_8),
                    response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    CompletableFuture<HttpResponse<byte[]>> sendAsync(HttpRequest request) {
        return http.sendAsync(request, BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> trySend(HttpRequest request) throws IOException {
        try {
            return http.send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : base + path))
                .timeout(Duration.ofSeconds(20));
        return path.startsWith("/api/v3/") && !key.isEmpty()
                ? request.header("Authorization", "Bearer " + key)
                : request;
    }

    @Override
    public void close() {
        http.close();
    }
}
