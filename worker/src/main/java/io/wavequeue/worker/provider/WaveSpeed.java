package io.wavequeue.worker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.wiring.ProviderConfig;
import io.wavequeue.worker.provider.FailureClassifier.Phase;
import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * WaveSpeed's API v3.
 *
 * <p>Submits go over HTTP/1.1 on a pool of their own: no redirect is followed, nothing is resent by any layer, and a
 * connection is reused only while it has been idle for less than a few seconds. The key goes to the configured host only.
 */
@ApplicationScoped
public class WaveSpeed {
    /** Sent when a base URL is configured without a key. */
    private static final String PLACEHOLDER_KEY = "none";

    private static final int IDLE_SECONDS = 2;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int POOL_CHECK_MILLIS = 500;
    private static final int HISTORY_PAGE = 100;
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private final HttpClient submits;
    private final HttpClient reads;
    private final WorkerConfig config;
    private final FailureClassifier classifier;
    private final ProviderClock clock;
    private final Stopwatch stopwatch;
    private final BillPages billPages = new BillPages();
    private final String root;
    private final String authorization;

    WaveSpeed(Vertx vertx, ProviderConfig provider, WorkerConfig config, InstantSource clock, Stopwatch stopwatch) {
        this.config = config;
        this.classifier = new FailureClassifier(clock);
        this.clock = new ProviderClock(stopwatch);
        this.stopwatch = stopwatch;
        this.root = root(provider.baseUrl());
        this.authorization = "Bearer " + provider.apiKey().orElse(PLACEHOLDER_KEY);
        this.submits =
                vertx.createHttpClient(options(config.submitConnections()).setKeepAliveTimeout(IDLE_SECONDS));
        this.reads = vertx.createHttpClient(options(config.pollConnections()));
    }

    private static HttpClientOptions options(int connections) {
        return new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setMaxPoolSize(connections)
                .setPoolCleanerPeriod(POOL_CHECK_MILLIS)
                .setConnectTimeout(CONNECT_MILLIS)
                .setKeepAlive(true)
                .setPipelining(false);
    }

    private static String root(URI baseUrl) {
        String text = baseUrl.toString();
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        return text + "/api/v3/";
    }

    /**
     * One POST, at most.
     *
     * @param body JSON text of the inputs
     * @param webhook address that is told when the prediction has ended; null = nobody is
     */
    public SubmitAnswer submit(String model, String body, @Nullable String webhook, SubmitGate gate)
            throws InterruptedException {
        AtomicReference<@Nullable HttpClientRequest> handedOver = new AtomicReference<>();
        String path =
                webhook == null ? model : model + "?webhook=" + URLEncoder.encode(webhook, StandardCharsets.UTF_8);
        RequestOptions request = request(HttpMethod.POST, path).putHeader("content-type", "application/json");
        Buffer bytes = Buffer.buffer(body.getBytes(StandardCharsets.UTF_8));
        Future<Answer> answer = submits.request(request).compose(connection -> {
            if (!gate.isOpen()) {
                connection.reset();
                return Future.failedFuture(new TooLateException());
            }
            handedOver.set(connection);
            KillPoint.reach("submit.before");
            Future<HttpClientResponse> sent = connection.send(bytes);
            KillPoint.reach("submit.sent");
            return sent.compose(WaveSpeed::answer);
        });
        try {
            return classifier.submit(await(answer, config.submitTimeout()));
        } catch (ExecutionException failure) {
            return classifier.broken(phase(failure, handedOver.get() != null), kind(failure));
        } catch (TimeoutException late) {
            HttpClientRequest underWay = handedOver.get();
            if (underWay != null) {
                underWay.reset();
            }
            return classifier.noAnswerWithin(config.submitTimeout());
        }
    }

    private static Phase phase(ExecutionException failure, boolean handedOver) {
        if (handedOver) {
            return Phase.SENT;
        }
        return failure.getCause() instanceof TooLateException ? Phase.TOO_LATE : Phase.CONNECTING;
    }

    /** One look at a prediction. */
    public Prediction look(String predictionId) throws InterruptedException {
        try {
            return classifier.prediction(get("predictions/" + predictionId + "/result"));
        } catch (IOException trouble) {
            return new Prediction.Unreadable(String.valueOf(trouble.getMessage()));
        }
    }

    /** The balance in USD. */
    public BigDecimal balance() throws IOException, InterruptedException {
        Answer answer = get("balance");
        var balance = answer.data().path("balance");
        if (answer.effectiveStatus() != 200 || !balance.isNumber()) {
            throw new IOException("the provider told no balance: " + answer.effectiveStatus());
        }
        return balance.decimalValue();
    }

    /** What the provider signs its webhooks with. */
    public String webhookSecret() throws IOException, InterruptedException {
        Answer answer = get("webhook/secret");
        String secret = answer.data().path("secret").asText("").strip();
        if (answer.effectiveStatus() != 200 || secret.isEmpty()) {
            throw new IOException("the provider told no webhook secret: " + answer.effectiveStatus());
        }
        return secret;
    }

    /**
     * One page of the account's predictions, newest first, everybody's. They show up with a lag.
     *
     * @param from by the provider's clock, as all times of its history
     * @param page from 1; an empty page is the end
     */
    public List<HistoryItem> history(String model, Instant from, Instant to, int page)
            throws IOException, InterruptedException {
        ObjectNode query = JsonNodeFactory.instance
                .objectNode()
                .put("page", page)
                .put("page_size", HISTORY_PAGE)
                .put("model", model)
                .put("created_after", from.toString())
                .put("created_before", to.toString());
        RequestOptions request = request(HttpMethod.POST, "predictions").putHeader("content-type", "application/json");
        Answer answer = exchange(request, Buffer.buffer(query.toString()));
        JsonNode items = answer.data().path("items");
        if (answer.effectiveStatus() != 200 || !items.isArray()) {
            throw new IOException("the provider showed no history: " + answer.effectiveStatus());
        }
        List<HistoryItem> found = new ArrayList<>();
        for (JsonNode item : items) {
            HistoryItem read = HistoryItem.of(item);
            if (read != null) {
                found.add(read);
            }
        }
        return found;
    }

    /** A prediction as its result tells of it, which may carry its input; empty when it cannot be read. */
    public Optional<HistoryItem> told(String predictionId) throws IOException, InterruptedException {
        Answer answer = get("predictions/" + predictionId + "/result");
        return answer.effectiveStatus() == 200 ? Optional.ofNullable(HistoryItem.of(answer.data())) : Optional.empty();
    }

    /** The provider's present time, as an answer told it since then; empty when none did. */
    public Optional<Instant> timeToldSince(Stamp since) {
        return clock.toldSince(since);
    }

    /** Asks where to put an upload. Repeating it is free. */
    public UploadTicket uploadTicket(String body) throws IOException, InterruptedException {
        RequestOptions request =
                request(HttpMethod.POST, "media/uploads").putHeader("content-type", "application/json");
        Answer answer = exchange(request, Buffer.buffer(body));
        return UploadTicket.of(answer, URI.create(root));
    }

    /**
     * A page of the account's bill from that time on, oldest first.
     *
     * @param page from 1
     */
    public BillPage bill(Instant from, int page) throws IOException, InterruptedException {
        return billPages.page(
                from,
                page,
                body -> exchange(
                        request(HttpMethod.POST, "billings/search").putHeader("content-type", "application/json"),
                        Buffer.buffer(body)));
    }

    /** After so long, a call that reads has either been answered or failed. */
    public Duration longestRead() {
        return config.pollTimeout().multipliedBy(2);
    }

    private Answer get(String path) throws IOException, InterruptedException {
        return exchange(request(HttpMethod.GET, path), Buffer.buffer());
    }

    private Answer exchange(RequestOptions request, Buffer body) throws IOException, InterruptedException {
        request.setTimeout(config.pollTimeout().toMillis());
        Stamp asked = stopwatch.stamp();
        // Composed inside, on the connection's own thread: a body that comes before its handler would be lost.
        Future<Answer> answer = reads.request(request)
                .compose(connection -> connection.send(body).compose(response -> {
                    clock.saw(response.getHeader("date"), asked);
                    return answer(response);
                }));
        try {
            return await(answer, longestRead());
        } catch (ExecutionException failure) {
            throw new IOException(kind(failure), failure.getCause());
        } catch (TimeoutException late) {
            throw new IOException("no answer in time", late);
        }
    }

    private RequestOptions request(HttpMethod method, String path) {
        return new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(root + path)
                .setFollowRedirects(false)
                .putHeader("authorization", authorization)
                .putHeader("accept", "application/json");
    }

    /** Reads the body up to a bound, so that an endless answer hurts nobody but its own job. */
    private static Future<Answer> answer(HttpClientResponse response) {
        Promise<Answer> whole = Promise.promise();
        Buffer bytes = Buffer.buffer();
        response.handler(chunk -> {
            if (bytes.length() + chunk.length() > MOST_BYTES) {
                whole.tryFail(new IOException("the answer is longer than " + MOST_BYTES + " bytes"));
                HttpClientRequest request = response.request();
                request.reset();
            } else {
                bytes.appendBuffer(chunk);
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(end -> whole.tryComplete(
                Answer.of(response.statusCode(), response.getHeader("retry-after"), bytes.getBytes())));
        return whole.future();
    }

    private static Answer await(Future<Answer> answer, Duration most)
            throws ExecutionException, TimeoutException, InterruptedException {
        return answer.toCompletionStage().toCompletableFuture().get(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String kind(ExecutionException failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String message = cause.getMessage();
        return cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    }

    @PreDestroy
    void close() {
        submits.close();
        reads.close();
    }

    /** The gate was closed when the connection stood. */
    private static final class TooLateException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLateException() {
            super("too late after the claim to start a submit");
        }
    }
}
