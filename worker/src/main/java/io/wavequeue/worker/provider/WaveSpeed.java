package io.wavequeue.worker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.wiring.ProviderConfig;
import io.wavequeue.worker.provider.ApiClient.Bounds;
import io.wavequeue.worker.provider.FailureClassifier.Phase;
import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
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

    private static final Duration SUBMIT_IDLE = Duration.ofSeconds(2);
    private static final Duration READ_IDLE = Duration.ofSeconds(60);
    private static final int HISTORY_PAGE = 100;
    private static final Buffer NOTHING = Buffer.buffer(0);

    private final ApiClient submits;
    private final ApiClient reads;
    private final WorkerConfig config;
    private final FailureClassifier classifier;
    private final ProviderClock clock;
    private final Stopwatch stopwatch;
    private final BillPages billPages = new BillPages();
    private final String root;

    @Inject
    WaveSpeed(Vertx vertx, ProviderConfig provider, WorkerConfig config, InstantSource clock, Stopwatch stopwatch) {
        this(vertx, provider, config, clock, stopwatch, HttpVersion.HTTP_1_1, SUBMIT_IDLE);
    }

    /**
     * One whose connections are made otherwise.
     *
     * @param version for calls that read
     * @param submitIdle after which a connection that submits is closed
     */
    WaveSpeed(
            Vertx vertx,
            ProviderConfig provider,
            WorkerConfig config,
            InstantSource clock,
            Stopwatch stopwatch,
            HttpVersion version,
            Duration submitIdle) {
        this.config = config;
        this.classifier = new FailureClassifier(clock);
        this.clock = new ProviderClock(stopwatch);
        this.stopwatch = stopwatch;
        this.root = ApiClient.root(provider.baseUrl());
        String authorization = "Bearer " + provider.apiKey().orElse(PLACEHOLDER_KEY);
        Duration lifetime = config.connectionLifetime();
        int submitting = config.submitConnections();
        Bounds forSubmits = new Bounds(HttpVersion.HTTP_1_1, submitting, submitting, submitIdle, lifetime);
        int reading = config.pollConnections();
        // A call counts as waiting while its connection is made.
        int waiting = Math.max(reading, config.maxInFlight());
        Bounds forReads = new Bounds(version, reading, waiting, READ_IDLE, lifetime);
        this.submits = new ApiClient(vertx, root, authorization, forSubmits, stopwatch);
        this.reads = new ApiClient(vertx, root, authorization, forReads, stopwatch);
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
        RequestOptions call = submits.options(HttpMethod.POST, path).putHeader("content-type", "application/json");
        Buffer bytes = Buffer.buffer(body.getBytes(StandardCharsets.UTF_8));
        Future<Answer> answer = submits.call(call, connection -> {
            if (!gate.isOpen()) {
                connection.reset();
                return Future.failedFuture(new TooLateException());
            }
            handedOver.set(connection);
            KillPoint.reach("submit.before");
            Future<HttpClientResponse> sent = connection.send(bytes);
            KillPoint.reach("submit.sent");
            return sent.compose(response -> ApiClient.answer(response, Answer::of));
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
        return switch (failure.getCause()) {
            case TooLateException late -> Phase.TOO_LATE;
            case ConnectionPoolTooBusyException full -> Phase.NO_ROOM;
            case null, default -> Phase.CONNECTING;
        };
    }

    /** One look at a prediction. */
    public Prediction look(String predictionId) throws InterruptedException {
        try {
            return answered(looked(predictionId));
        } catch (IOException trouble) {
            return new Prediction.Unreadable(String.valueOf(trouble.getMessage()));
        }
    }

    /** The same without a thread that waits. */
    Future<Prediction> looked(String predictionId) {
        return exchange(reads.options(HttpMethod.GET, result(predictionId)), NOTHING, Answer::ofLook)
                .map(classifier::prediction);
    }

    private static String result(String predictionId) {
        return "predictions/" + predictionId + "/result";
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
        Answer answer = post("predictions", query.toString());
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
        Answer answer = get(result(predictionId));
        return answer.effectiveStatus() == 200 ? Optional.ofNullable(HistoryItem.of(answer.data())) : Optional.empty();
    }

    /** The provider's present time, as an answer told it since then; empty when none did. */
    public Optional<Instant> timeToldSince(Stamp since) {
        return clock.toldSince(since);
    }

    /** Asks where to put an upload. Repeating it is free. */
    public UploadTicket uploadTicket(String body) throws IOException, InterruptedException {
        return UploadTicket.of(post("media/uploads", body), URI.create(root));
    }

    /**
     * A page of the account's bill from that time on, oldest first.
     *
     * @param page from 1
     */
    public BillPage bill(Instant from, int page) throws IOException, InterruptedException {
        return billPages.page(from, page, body -> post("billings/search", body));
    }

    /**
     * What a run with this input would cost. Free, makes no task and reserves nothing.
     *
     * @param input JSON text of the inputs, with addresses that the provider can read
     */
    public PriceAnswer price(String model, String input) throws IOException, InterruptedException {
        ObjectNode question = JsonNodeFactory.instance.objectNode().put("model_id", model);
        return PriceAnswer.of(post(
                "model/price",
                question.putRawValue("inputs", new RawValue(input)).toString()));
    }

    /** After so long, a call that reads has either been answered or failed. */
    public Duration longestRead() {
        return config.pollTimeout().multipliedBy(2);
    }

    private Answer get(String path) throws IOException, InterruptedException {
        return answered(exchange(reads.options(HttpMethod.GET, path), NOTHING, Answer::of));
    }

    private Answer post(String path, String body) throws IOException, InterruptedException {
        return answered(exchange(
                reads.options(HttpMethod.POST, path).putHeader("content-type", "application/json"),
                Buffer.buffer(body),
                Answer::of));
    }

    private <T> T answered(Future<T> answer) throws IOException, InterruptedException {
        try {
            return await(answer, longestRead());
        } catch (ExecutionException failure) {
            throw new IOException(kind(failure), failure.getCause());
        } catch (TimeoutException late) {
            throw new IOException("no answer in time", late);
        }
    }

    /** A call that may be repeated. */
    private Future<Answer> exchange(RequestOptions call, Buffer body, Answer.Reader reader) {
        call.setTimeout(config.pollTimeout().toMillis());
        Stamp asked = stopwatch.stamp();
        return reads.call(call, connection -> connection.send(body).compose(response -> {
            clock.saw(response.getHeader("date"), asked);
            return ApiClient.answer(response, reader);
        }));
    }

    private static <T> T await(Future<T> answer, Duration most)
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
