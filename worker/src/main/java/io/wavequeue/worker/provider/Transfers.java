package io.wavequeue.worker.provider;

import io.wavequeue.storage.StorageException;
import io.wavequeue.worker.provider.DurableFile.Written;
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
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Carries the bytes of clips to and from other hosts. It does not know the API key, so it cannot send it anywhere. */
@ApplicationScoped
public class Transfers {
    private static final Set<String> SET_BY_THE_CLIENT =
            Set.of("connection", "content-length", "expect", "host", "upgrade");

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
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
     * @param bytes as they came
     * @param sha256 of the body, in lower-case hexadecimal
     * @param start the body's first bytes, at most 64
     */
    public record Download(
            int status, Optional<String> contentType, OptionalLong length, long bytes, String sha256, byte[] start) {}

    /**
     * Writes the body to the file, which may exist, and makes it durable.
     *
     * @throws StorageException when it is the file that cannot be written
     */
    public Download download(URI url, Path file) throws IOException, InterruptedException {
        HttpResponse<Written> response =
                await(client.sendAsync(request(url).GET().build(), head -> DurableFile.at(file)));
        Written body = response.body();
        return new Download(
                response.statusCode(),
                response.headers().firstValue("content-type"),
                response.headers().firstValueAsLong("content-length"),
                body.bytes(),
                body.sha256(),
                body.start());
    }

    /** Puts the file where the ticket says, with the ticket's headers and nothing else. */
    public void upload(UploadTicket ticket, Path file) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(ticket.putUrl()).PUT(BodyPublishers.ofFile(file));
        ticket.headers().forEach((name, value) -> {
            if (!SET_BY_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                request.header(name, value);
            }
        });
        int status = await(client.sendAsync(request.build(), BodyHandlers.discarding()))
                .statusCode();
        if (status < 200 || status > 299) {
            throw UploadRefusedException.orTrouble(status, "the upload was answered with " + status);
        }
    }

    /** The request's own time-out ends with the head of the answer; this one covers the body as well. */
    private <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> exchange)
            throws IOException, InterruptedException {
        try {
            return exchange.get(config.transferTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            exchange.cancel(true);
            throw new IOException("not transferred within " + config.transferTimeout(), late);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof StorageException ours) {
                throw ours;
            }
            throw new IOException(String.valueOf(failure.getMessage()), failure);
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
