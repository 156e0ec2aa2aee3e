package io.wavequeue.worker.provider;

import io.wavequeue.worker.run.WorkerConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** Carries the bytes of clips to and from other hosts. It does not know the API key, so it cannot send it anywhere. */
@ApplicationScoped
public class Transfers {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private final WorkerConfig config;

    Transfers(WorkerConfig config) {
        this.config = config;
    }

    /**
     * What a download brought.
     *
     * @param status the HTTP status; the file holds the body whatever it is
     * @param length as announced; empty = not announced
     */
    public record Download(int status, Optional<String> contentType, OptionalLong length) {}

    /** Writes the body to the file, which may exist. */
    public Download download(URI url, Path file) throws IOException, InterruptedException {
        HttpResponse<Path> response = client.send(request(url).GET().build(), BodyHandlers.ofFile(file));
        return new Download(
                response.statusCode(),
                response.headers().firstValue("content-type"),
                response.headers().firstValueAsLong("content-length"));
    }

    /** Puts the file where the ticket says, with the ticket's headers and nothing else. */
    public void upload(UploadTicket ticket, Path file) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(ticket.putUrl()).PUT(BodyPublishers.ofFile(file));
        ticket.headers().forEach(request::header);
        int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
        if (status < 200 || status > 299) {
            throw new IOException("the upload was answered with " + status);
        }
    }

    private HttpRequest.Builder request(URI url) {
        return HttpRequest.newBuilder(url).timeout(config.transferTimeout());
    }

    @PreDestroy
    void close() {
        client.shutdownNow();
    }
}
