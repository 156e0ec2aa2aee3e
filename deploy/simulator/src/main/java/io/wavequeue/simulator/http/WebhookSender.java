package io.wavequeue.simulator.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.BodyHash;
import io.wavequeue.simulator.account.Prediction;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.simulator.account.Webhook;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultBook;
import io.wavequeue.simulator.fault.FaultCall;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Tells by webhook of predictions that ended: the bare prediction, signed, with up to three retries. What was not answered
 * 2xx when the simulator stopped is told again after its restart, so that duplicates are possible, as at the provider.
 */
final class WebhookSender {
    private static final Logger LOG = System.getLogger(WebhookSender.class.getName());
    private static final int MAX_RETRIES = 3;
    private static final long TICK_MS = 10;
    /** So many receivers may take their time at once; behind a smaller pool others would use up their time in its queue. */
    private static final int CONNECTIONS = 10_000;

    private static final Duration LONG_PAST = Duration.ofMinutes(10);
    private static final String SECRET_PREFIX = "whsec_";

    private final Account account;
    private final FaultBook faults;
    private final PredictionJson predictions;
    private final Time time;
    private final HttpClient http;

    /**
     * One message, signed anew for every try.
     *
     * @param real whether it is the one that counts: a forged one and a copy are sent once, and nothing is told by them
     * @param generation of the account, whose reset ends it
     */
    private record Message(
            Prediction prediction,
            Webhook webhook,
            byte[] body,
            String secret,
            Duration age,
            boolean real,
            int generation) {
        Message copy() {
            return new Message(prediction, webhook, body, secret, age, false, generation);
        }
    }

    WebhookSender(Vertx vertx, Account account, FaultBook faults, PredictionJson predictions, Time time) {
        this.account = account;
        this.faults = faults;
        this.predictions = predictions;
        this.time = time;
        this.http = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(CONNECTIONS));
        vertx.setPeriodic(TICK_MS, tick -> {
            if (account.hasWebhooks()) {
                account.advance();
                account.takeUntold().forEach(this::tellApart);
            }
        });
    }

    /** One that cannot be told must not keep the others from being told. */
    private void tellApart(Prediction prediction) {
        try {
            tell(prediction);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "nobody could be told of prediction " + prediction.id(), e);
            account.told(prediction);
        }
    }

    /** The secret, with its prefix, with which messages are signed for submits of this API key. */
    String secret(String apiKey) {
        return secretOf(BodyHash.of(apiKey.getBytes(StandardCharsets.UTF_8)).hex());
    }

    private String secretOf(String keyHash) {
        String scope = account.settings().is(Setting.WEBHOOK_SECRET_SCOPE, "key") ? keyHash : "";
        String text = "webhook secret " + account.seed() + scope;
        return SECRET_PREFIX
                + BodyHash.of(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
    }

    private void tell(Prediction prediction) {
        Webhook webhook = prediction.submission().webhook();
        if (webhook == null) {
            return;
        }
        FaultRule rule = faults.strike(
                FaultPhase.WEBHOOK,
                new FaultCall(
                        Endpoint.SUBMIT.text(),
                        prediction.submission().model().id(),
                        prediction.id(),
                        prediction.draw(),
                        0,
                        prediction.submission().body()));
        FaultAction action = rule == null ? null : rule.action();
        if (action instanceof FaultAction.Omit) {
            account.told(prediction);
            return;
        }
        Message message = message(prediction, webhook, action);
        Runnable send = () -> {
            if (action instanceof FaultAction.Forge) {
                send(forged(prediction, webhook), 0);
            }
            if (action instanceof FaultAction.Twice) {
                send(message.copy(), 0);
            }
            send(message, 0);
        };
        Duration delay = rule == null ? Duration.ZERO : rule.delay();
        if (delay.isZero()) {
            send.run();
        } else {
            time.timer().after(delay, send);
        }
    }

    private Message message(Prediction prediction, Webhook webhook, @Nullable FaultAction action) {
        return new Message(
                prediction,
                webhook,
                body(prediction, webhook, prediction.status().text()),
                secretOf(webhook.keyHash()),
                action instanceof FaultAction.Stale ? LONG_PAST : Duration.ZERO,
                true,
                account.generation());
    }

    private Message forged(Prediction prediction, Webhook webhook) {
        return new Message(
                prediction,
                webhook,
                body(prediction, webhook, "failed"),
                SECRET_PREFIX + "guessed",
                Duration.ZERO,
                false,
                account.generation());
    }

    private byte[] body(Prediction prediction, Webhook webhook, String status) {
        return Json.bytes(json -> predictions.writeTold(json, prediction, webhook.server(), status));
    }

    /** @param tries how often it was tried before */
    private void send(Message message, int tries) {
        if (message.generation() != account.generation()) {
            return;
        }
        long timeout = account.settings().get(Setting.WEBHOOK_TIMEOUT).toMillis();
        RequestOptions options = new RequestOptions().setMethod(HttpMethod.POST).setTimeout(timeout);
        String id = "msg_" + message.prediction().id();
        String second =
                Long.toString(time.clock().instant().minus(message.age()).getEpochSecond());
        // within a composed step, so that an address that nobody can be asked under is a failure like any other
        Future.succeededFuture(message.webhook().url())
                .compose(url -> http.request(options.setAbsoluteURI(url)))
                .compose(request -> request.putHeader("Content-Type", "application/json")
                        .putHeader("webhook-id", id)
                        .putHeader("webhook-timestamp", second)
                        .putHeader("webhook-signature", "v3," + sign(message, id + "." + second + "."))
                        .send(Buffer.buffer(message.body())))
                .onComplete(answer -> answered(
                        message, tries, answer.succeeded() && answer.result().statusCode() / 100 == 2));
    }

    private void answered(Message message, int tries, boolean delivered) {
        if (message.generation() != account.generation()) {
            return;
        }
        account.countWebhook(delivered);
        if (!message.real()) {
            return;
        }
        if (delivered || tries >= MAX_RETRIES) {
            account.told(message.prediction());
            return;
        }
        Duration delay = account.settings().get(Setting.WEBHOOK_RETRY_DELAY).multipliedBy(1L << tries);
        time.timer().after(delay, () -> send(message, tries + 1));
    }

    private static String sign(Message message, String prefix) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            byte[] key = message.secret().substring(SECRET_PREFIX.length()).getBytes(StandardCharsets.UTF_8);
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(prefix.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(mac.doFinal(message.body()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }
}
