package io.wavequeue.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP service of ours, spoken to in JSON. Every rule of retrying is here: connection trouble and 502 to 504 are
 * tried again a few times, since every request that goes through here may be repeated (see the package). Redirects are
 * not followed, so the key never reaches another host.
 */
public final class HttpJson {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);

    /** A file of jobs is checked whole before it is answered. */
    private static final Duration FILE_TIMEOUT = Duration.ofMinutes(10);

    private static final Duration LONGEST_WISH = Duration.ofSeconds(5);

    private static final List<Duration> RETRY_DELAYS =
            List.of(Duration.ofMillis(150), Duration.ofMillis(400), Duration.ofMillis(1_000));

    private final ApiAddress address;
    private final @Nullable String key;
    private final Sleeper sleeper;
    private final HttpClient http;

    /** @param key the bearer token, or null to send none */
    public HttpJson(ApiAddress address, @Nullable String key, Sleeper sleeper) {
        this.address = address;
        this.key = key;
        this.sleeper = sleeper;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /** Where it listens. */
    public ApiAddress address() {
        return address;
    }

    /** Reads; {@code pathAndQuery} is encoded already. */
    public ApiAnswer get(String pathAndQuery) throws InterruptedException {
        return exchange(request(pathAndQuery).GET().build());
    }

    /** Sends a JSON body that the service recognises when it comes twice. */
    ApiAnswer post(String path, byte[] json, String idempotencyKey) throws InterruptedException {
        return exchange(request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(BodyPublishers.ofByteArray(json))
                .build());
    }

    /** Wishes for a state; wishing it twice changes nothing more. */
    ApiAnswer wish(String path, byte[] json) throws InterruptedException {
        HttpRequest.Builder request = request(path);
        return exchange(
                json.length == 0
                        ? request.POST(BodyPublishers.noBody()).build()
                        : request.header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(json))
                                .build());
    }

    /** Says what is to be; saying it twice changes nothing more. */
    ApiAnswer patch(String path, byte[] json) throws InterruptedException {
        return exchange(request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofByteArray(json))
                .build());
    }

    /** Sends a file that the service recognises when it comes twice, or of which it keeps nothing to pay for. */
    ApiAnswer send(String pathAndQuery, BodyPublisher file, String contentType, @Nullable String idempotencyKey)
            throws InterruptedException {
        HttpRequest.Builder request =
                request(pathAndQuery).header("Content-Type", contentType).timeout(FILE_TIMEOUT);
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        return exchange(request.POST(file).build());
    }

    /** Sends one file; what it makes is named by its content, so sending it twice makes one. */
    ApiAnswer upload(String path, Multipart file) throws InterruptedException {
        return exchange(request(path)
                .header("Content-Type", file.contentType())
                .timeout(FILE_TIMEOUT)
                .POST(file.body())
                .build());
    }

    /** Reads a body of any length, from its start again when it breaks off. */
    void download(String pathAndQuery, Download to) throws InterruptedException {
        HttpRequest request = request(pathAndQuery, "*/*").GET().build();
        retrying(() -> {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() / 100 != 2) {
                    return judge(request, response, body.readAllBytes());
                }
                to.take(body);
                return new ApiAnswer(pathAndQuery, new byte[0]);
            }
        });
    }

    /** Opens a stream of server-sent events, once: its reader knows where to go on. */
    EventStream events(String pathAndQuery, @Nullable String lastId) throws InterruptedException, IOException {
        HttpRequest.Builder request = request(pathAndQuery, "text/event-stream");
        if (lastId != null) {
            request.header("Last-Event-ID", lastId);
        }
        BodyHandler<InputStream> handler = BodyHandlers.ofInputStream();
        HttpResponse<InputStream> response = http.send(request.GET().build(), handler);
        if (response.statusCode() != 200) {
            try (InputStream body = response.body()) {
                throw new ApiRefusedException(
                        response.statusCode(), Problem.parse(response.statusCode(), body.readAllBytes()));
            }
        }
        return EventStream.of(response.body());
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        return request(pathAndQuery, "application/json, application/problem+json");
    }

    private HttpRequest.Builder request(String pathAndQuery, String accept) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(pathAndQuery))
                .timeout(REQUEST_TIMEOUT)
                .header("Accept", accept);
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    private ApiAnswer exchange(HttpRequest request) throws InterruptedException {
        return retrying(() -> {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            return judge(request, response, response.body());
        });
    }

    /** One try of a request. */
    @FunctionalInterface
    private interface Try {
        ApiAnswer once() throws IOException, InterruptedException;
    }

    private ApiAnswer retrying(Try request) throws InterruptedException {
        for (int tries = 0; ; tries++) {
            boolean last = tries == RETRY_DELAYS.size();
            Duration wished = Duration.ZERO;
            try {
                return request.once();
            } catch (ApiRefusedException e) {
                if (last || !passes(e.status())) {
                    throw e;
                }
                wished = e.retryAfter();
            } catch (IOException e) {
                if (last) {
                    throw new ApiUnreachableException(address, e);
                }
            }
            Duration usual = RETRY_DELAYS.get(tries);
            sleeper.sleep(wished.compareTo(usual) > 0 ? wished : usual);
        }
    }

    private static boolean passes(int status) {
        return status == 502 || status == 503 || status == 504;
    }

    private static ApiAnswer judge(HttpRequest request, HttpResponse<?> response, byte[] body) {
        int status = response.statusCode();
        if (status / 100 != 2) {
            throw new ApiRefusedException(status, Problem.parse(status, body), retryAfter(response));
        }
        return new ApiAnswer(request.method() + " " + request.uri().getPath(), body);
    }

    /** In seconds, as our API says it; no longer than a person waits without a word. */
    private static Duration retryAfter(HttpResponse<?> response) {
        Duration wished = response.headers()
                .firstValue("Retry-After")
                .filter(seconds -> seconds.matches("[0-9]{1,6}"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                .orElse(Duration.ZERO);
        return wished.compareTo(LONGEST_WISH) > 0 ? LONGEST_WISH : wished;
    }
}
