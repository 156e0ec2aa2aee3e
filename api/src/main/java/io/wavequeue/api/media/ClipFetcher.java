package io.wavequeue.api.media;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.wavequeue.fetch.FetchConfig;
import io.wavequeue.fetch.FetchGuard;
import io.wavequeue.fetch.FetchGuard.Verdict;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Fetches clips from URLs that callers name.
 *
 * <p>It connects to the very IP address that the {@link FetchGuard} has checked, under the URL's own name: Host header, SNI and
 * certificate are the name's. So a name that leads elsewhere a moment later changes nothing, and each redirect is checked like the
 * first URL. Neither key nor cookie of ours is known here.
 */
@ApplicationScoped
public class ClipFetcher {
    private static final int MOST_REDIRECTS = 5;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int IDLE_SECONDS = 20;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int OK = 200;

    private final FetchGuard guard;
    private final HttpClient client;
    private final Context events;
    private final Duration timeout;
    private final Semaphore places;

    @Inject
    ClipFetcher(Vertx vertx, FetchGuard guard, FetchConfig config) {
        this(vertx, guard, config.timeout(), config.atOnce(), new HttpClientOptions());
    }

    /** @param options what is trusted */
    ClipFetcher(Vertx vertx, FetchGuard guard, Duration timeout, int atOnce, HttpClientOptions options) {
        if (atOnce < 1 || timeout.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "wavequeue.fetch.at-once is %d and timeout is %s; both must be at least 1 (second)"
                            .formatted(atOnce, timeout));
        }
        this.guard = guard;
        this.timeout = timeout;
        this.places = new Semaphore(atOnce);
        this.events = CompletableFuture.supplyAsync(vertx::getOrCreateContext, Thread.ofPlatform()::start)
                .join();
        this.client = vertx.httpClientBuilder()
                .with(options.setProtocolVersion(HttpVersion.HTTP_1_1)
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setIdleTimeout(IDLE_SECONDS)
                        .setVerifyHost(true)
                        .setKeepAlive(false))
                .with(new PoolOptions().setHttp1MaxSize(atOnce))
                .build();
    }

    /** Copies what the URL gives. What {@code out} throws ends the fetch. */
    void fetch(URI url, OutputStream out) throws IOException, InterruptedException {
        Deadline deadline = new Deadline(timeout, System::nanoTime);
        if (!places.tryAcquire(deadline.millisLeft(), TimeUnit.MILLISECONDS)) {
            throw FetchFailedException.failed("had no turn within " + timeout.toSeconds()
                    + " s, since as many clips as may be are being fetched; try again");
        }
        try {
            URI at = url;
            for (int hops = 0; at != null; hops++) {
                if (hops > MOST_REDIRECTS) {
                    throw FetchFailedException.failed("redirects more than " + MOST_REDIRECTS + " times");
                }
                at = fetch(checked(at, hops), out, deadline);
            }
        } finally {
            places.release();
        }
    }

    private Verdict.Allowed checked(URI url, int hops) throws FetchFailedException {
        String who = hops == 0 ? "" : "redirects to a URL that ";
        return switch (guard.check(url)) {
            case Verdict.Allowed allowed -> allowed;
            case Verdict.Refused(String reason) -> throw FetchFailedException.refused(who + reason);
            case Verdict.Unknown(String reason) -> throw FetchFailedException.failed(who + reason);
        };
    }

    /** Returns where it goes on; null when the body was copied. */
    private @Nullable URI fetch(Verdict.Allowed target, OutputStream out, Deadline deadline)
            throws IOException, InterruptedException {
        AtomicReference<@Nullable HttpClientRequest> underWay = new AtomicReference<>();
        try {
            ResponseBody body = await(asked(target, underWay), deadline);
            if (REDIRECTS.contains(body.status())) {
                return next(target.url(), body.header("location"));
            }
            if (body.status() != OK) {
                throw FetchFailedException.failed("was answered with " + body.status());
            }
            body.copyTo(out, deadline);
            return null;
        } finally {
            HttpClientRequest request = underWay.get();
            if (request != null) {
                request.reset();
            }
        }
    }

    /** All on one event loop, so that no part of the answer comes before its handler. */
    private Future<ResponseBody> asked(Verdict.Allowed target, AtomicReference<@Nullable HttpClientRequest> underWay) {
        URI url = target.url();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(
                        target.port(), target.address().getHostAddress()))
                .setHost(url.getHost())
                .setPort(target.port())
                .setSsl(target.isSecure())
                .setURI(pathAndQuery(url))
                .setFollowRedirects(false)
                .putHeader("accept", "audio/*, application/octet-stream;q=0.5, */*;q=0.1")
                .putHeader("accept-encoding", "identity");
        Promise<ResponseBody> body = Promise.promise();
        events.runOnContext(here -> client.request(options)
                .compose(request -> {
                    underWay.set(request);
                    // Whatever breaks is told by the answer's future or by its body; unheard, it would be an error in
                    // the log too.
                    request.exceptionHandler(told -> {});
                    request.connection().exceptionHandler(told -> {});
                    return request.send();
                })
                .map(ResponseBody::new)
                .onComplete(body));
        return body.future();
    }

    private static String pathAndQuery(URI url) {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    private static URI next(URI from, @Nullable String location) throws FetchFailedException {
        if (location == null) {
            throw FetchFailedException.failed("redirects to nowhere");
        }
        URI next;
        try {
            next = from.resolve(location);
        } catch (IllegalArgumentException unreadable) {
            throw FetchFailedException.failed("redirects to what is no URL");
        }
        if ("https".equalsIgnoreCase(from.getScheme()) && !"https".equalsIgnoreCase(next.getScheme())) {
            throw FetchFailedException.refused("redirects from https to " + next.getScheme());
        }
        return next;
    }

    private static ResponseBody await(Future<ResponseBody> answer, Deadline deadline)
            throws FetchFailedException, InterruptedException {
        try {
            return answer.toCompletionStage().toCompletableFuture().get(deadline.millisLeft(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw deadline.passed();
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause() == null ? failure : failure.getCause();
            throw FetchFailedException.failed(
                    "cannot be reached (" + cause.getClass().getSimpleName() + ")");
        }
    }

    @PreDestroy
    void close() {
        client.close();
    }
}
