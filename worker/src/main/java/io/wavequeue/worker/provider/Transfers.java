package io.wavequeue.worker.provider;

import io.wavequeue.fetch.FetchGuard;
import io.wavequeue.storage.StorageException;
import io.wavequeue.wiring.ProviderConfig;
import io.wavequeue.worker.provider.DurableFile.Written;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
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
import java.util.function.UnaryOperator;

/**
 * Carries the bytes of clips to and from other hosts. It does not know the API key, so it cannot send it anywhere.
 *
 * <p>The addresses are the provider's. Each, redirects included, is checked right before it is connected to, so that an answer
 * cannot send a worker to what only it can reach; the JVM's resolver, which keeps an answer for 30 s, is asked twice. A provider
 * that is itself inside, such as the simulator, may name what it likes.
 */
@ApplicationScoped
public class Transfers {
    private static final Set<String> SET_BY_THE_CLIENT =
            Set.of("connection", "content-length", "expect", "host", "upgrade");

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MOST_REDIRECTS = 5;

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final WorkerConfig config;
    private final FetchGuard guard;
    private final String providerHost;

    Transfers(WorkerConfig config, FetchGuard guard, ProviderConfig provider) {
        this.config = config;
        this.guard = guard;
        this.providerHost = String.valueOf(provider.baseUrl().getHost());
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
        HttpResponse<Written> response = exchange(url, HttpRequest.Builder::GET, head -> DurableFile.at(file));
        Written body = response.body();
        return new Download(
                response.statusCode(),
                response.headers().firstValue("content-type"),
                response.headers().firstValueAsLong("content-length"),
                body.bytes(),
                body.sha256(),
                body.start());
    }

    /** Goes where redirects lead, with the same method. */
    private <T> HttpResponse<T> exchange(URI url, UnaryOperator<HttpRequest.Builder> method, BodyHandler<T> body)
            throws IOException, InterruptedException {
        URI at = url;
        for (int hops = 0; ; hops++) {
            HttpResponse<T> response =
                    await(client.sendAsync(method.apply(request(at)).build(), body));
            if (!REDIRECTS.contains(response.statusCode())) {
                return response;
            }
            if (hops == MOST_REDIRECTS) {
                throw new IOException("the transfer was redirected more than " + MOST_REDIRECTS + " times");
            }
            at = next(at, response);
        }
    }

    private static URI next(URI from, HttpResponse<?> redirect) throws IOException {
        try {
            URI next = from.resolve(redirect.headers().firstValue("location").orElse(""));
            boolean isSame = from.getScheme().equalsIgnoreCase(next.getScheme());
            if (!isSame && !"https".equalsIgnoreCase(next.getScheme())) {
                throw new IOException("the transfer was redirected to " + next.getScheme());
            }
            return next;
        } catch (IllegalArgumentException unreadable) {
            throw new IOException("the transfer was redirected to what is no URL", unreadable);
        }
    }

    /** Puts the file where the ticket says, with the ticket's headers and nothing else. */
    public void upload(UploadTicket ticket, Path file) throws IOException, InterruptedException {
        BodyPublisher content = BodyPublishers.ofFile(file);
        int status = exchange(ticket.putUrl(), request -> put(request, ticket, content), BodyHandlers.discarding())
                .statusCode();
        if (status < 200 || status > 299) {
            throw UploadRefusedException.orTrouble(status, "the upload was answered with " + status);
        }
    }

    private static HttpRequest.Builder put(HttpRequest.Builder request, UploadTicket ticket, BodyPublisher content) {
        ticket.headers().forEach((name, value) -> {
            if (!SET_BY_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                request.header(name, value);
            }
        });
        return request.PUT(content);
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

    private HttpRequest.Builder request(URI url) throws IOException {
        String host = url.getHost();
        if (host == null || (guard.leadsInside(host) && !guard.leadsInside(providerHost))) {
            throw new IOException("the provider's address for a clip leads to no public host");
        }
        return HttpRequest.newBuilder(url).timeout(config.transferTimeout());
    }

    @PreDestroy
    void close() {
        client.shutdownNow();
    }
}
