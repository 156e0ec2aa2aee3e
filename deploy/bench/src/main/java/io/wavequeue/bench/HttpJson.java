package io.wavequeue.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** JSON over HTTP/1.1 with one server. */
final class HttpJson {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTENT_TYPE = "content-type";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;

    HttpJson(URI server) {
        this.server = server;
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path).build());
    }

    JsonNode post(String path, String body) throws IOException, InterruptedException {
        return send(request(path).POST(BodyPublishers.ofString(body)).build());
    }

    JsonNode postFile(String path, String contentType, Path file) throws IOException, InterruptedException {
        return send(request(path)
                .setHeader(CONTENT_TYPE, contentType)
                .POST(BodyPublishers.ofFile(file))
                .build());
    }

    JsonNode patch(String path, String body) throws IOException, InterruptedException {
        return send(request(path).method("PATCH", BodyPublishers.ofString(body)).build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path))
                .timeout(TIMEOUT)
                .header(CONTENT_TYPE, "application/json")
                .header("authorization", "Bearer bench");
    }

    private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
        if (response.statusCode() / 100 != 2) {
            throw new BenchFailedException("%s %s was answered %d %s"
                    .formatted(
                            request.method(),
                            request.uri(),
                            response.statusCode(),
                            new String(response.body(), StandardCharsets.UTF_8)));
        }
        return JSON.readTree(response.body());
    }
}
