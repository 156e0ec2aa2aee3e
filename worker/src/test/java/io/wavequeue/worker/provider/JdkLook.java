package io.wavequeue.worker.provider;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;

/** {@link WaveSpeed#look} over java.net.http. Its pool knows no bound: a semaphore is one. */
final class JdkLook {
    private static final int CONNECTIONS = 64;
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final Semaphore places = new Semaphore(CONNECTIONS);
    private final FailureClassifier classifier = new FailureClassifier(InstantSource.system());
    private final ProviderClock clock = new ProviderClock(Providers.realTime());
    private final HttpClient client;
    private final String root;

    JdkLook(URI url, boolean http2) {
        this.root = ApiClient.root(url);
        this.client = HttpClient.newBuilder()
                .version(http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    Prediction look(String id) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + "predictions/" + id + "/result"))
                .timeout(TIMEOUT)
                .header("authorization", "Bearer none")
                .header("accept", "application/json")
                .build();
        places.acquire();
        try {
            var asked = Providers.realTime().stamp();
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            clock.saw(response.headers().firstValue("date").orElse(null), asked);
            String retryAfter = response.headers().firstValue("retry-after").orElse(null);
            return classifier.prediction(Answer.of(response.statusCode(), retryAfter, response.body()));
        } catch (IOException trouble) {
            return new Prediction.Unreadable(String.valueOf(trouble.getMessage()));
        } finally {
            places.release();
        }
    }
}
