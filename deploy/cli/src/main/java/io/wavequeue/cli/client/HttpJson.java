package io.wavequeue.cli.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
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

    /** Sends one file; what it makes is named by its content, so sending it twice makes one. */
    ApiAnswer upload(String path, Multipart file) throws InterruptedException {
        return exchange(request(path)
                .header("Content-Type", file.contentType())
                .POST(BodyPublishers.ofByteArray(file.body()))
                .build());
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.resolve(pathAndQuery))
                .timeout(REQUEST_TIMEOUT)
                .header("Accept", "application/json, application/problem+json");
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    private ApiAnswer exchange(HttpRequest request) throws InterruptedException {
        for (int tries = 0; ; tries++) {
            boolean last = tries == RETRY_DELAYS.size();
            try {
                HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
                if (last || !passes(response.statusCode())) {
                    return judge(request, response);
                }
            } catch (IOException e) {
                if (last) {
                    throw new ApiUnreachableException(address, e);
                }
            }
            sleeper.sleep(RETRY_DELAYS.get(tries));
        }
    }

    private static boolean passes(int status) {
        return status == 502 || status == 503 || status == 504;
    }

    private static ApiAnswer judge(HttpRequest request, HttpResponse<byte[]> response) {
        if (response.statusCode() / 100 != 2) {
            throw new ApiRefusedException(response.statusCode(), Problem.parse(response.statusCode(), response.body()));
        }
        return new ApiAnswer(request.method() + " " + request.uri().getPath(), response.body());
    }
}
