package io.wavequeue.worker.provider;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Connections to the provider's API: so many at most, so many calls that wait for one, and none older than its lifetime,
 * since only a new one asks where the host is now. The key goes to the configured host only.
 */
final class ApiClient {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int POOL_CHECK_MILLIS = 500;
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private final HttpClient client;
    /** All connections are made and used on this one event loop. */
    private final Context writing;
    /** Address and headers of every call. */
    private final RequestOptions usual;

    private final Duration lifetime;
    private final Stopwatch stopwatch;
    private final Map<HttpConnection, Stamp> made = new ConcurrentHashMap<>();

    /**
     * Bounds of a pool.
     *
     * @param version HTTP/2 is for comparisons of reads: a client may send a POST again over it
     * @param waiting calls that wait for a connection; one more fails at once, unsent
     * @param idle a connection that was not used for so long is closed
     * @param lifetime an older connection is closed after its next answer
     */
    record Bounds(HttpVersion version, int connections, int waiting, Duration idle, Duration lifetime) {}

    ApiClient(Vertx vertx, String root, String authorization, Bounds bounds, Stopwatch stopwatch) {
        this.usual = new RequestOptions()
                .setAbsoluteURI(root)
                .setFollowRedirects(false)
                .putHeader(HttpHeaders.AUTHORIZATION, authorization)
                .putHeader(HttpHeaders.ACCEPT, "application/json");
        this.writing = eventLoop(vertx);
        this.lifetime = bounds.lifetime();
        this.stopwatch = stopwatch;
        this.client = vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setProtocolVersion(bounds.version())
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setKeepAlive(true)
                        .setKeepAliveTimeout((int) bounds.idle().toSeconds())
                        .setPipelining(false))
                .with(new PoolOptions()
                        .setHttp1MaxSize(bounds.connections())
                        .setMaxWaitQueueSize(bounds.waiting())
                        .setCleanerPeriod(POOL_CHECK_MILLIS))
                .withConnectHandler(connection -> {
                    if (bounds.version() == HttpVersion.HTTP_1_1) {
                        made.put(connection, stopwatch.stamp());
                        connection.closeHandler(closed -> made.remove(connection));
                    }
                })
                .build();
    }

    /** One of its own: a thread of Vert.x would get the one that it is on. */
    private static Context eventLoop(Vertx vertx) {
        return CompletableFuture.supplyAsync(vertx::getOrCreateContext, Thread.ofPlatform()::start)
                .join();
    }

    /** The start of all paths, with a slash at its end. */
    static String root(URI baseUrl) {
        String text = baseUrl.toString();
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        return text + "/api/v3/";
    }

    /** A call's address and headers. */
    RequestOptions options(HttpMethod method, String path) {
        return new RequestOptions(usual).setMethod(method).setURI(usual.getURI() + path);
    }

    /**
     * One call: the exchange gets a connection that stands, and on which nothing was sent. It runs on the thread that
     * writes to the connection and reads from it, so that what is asked first holds for the first byte, and that no part
     * of the answer comes before its handler.
     */
    <T> Future<T> call(RequestOptions call, Function<HttpClientRequest, Future<T>> exchange) {
        Promise<T> outcome = Promise.promise();
        // A future that is given away is completed elsewhere than its listeners are added: they would run on either
        // thread.
        writing.runOnContext(
                here -> client.request(call).map(this::orLast).compose(exchange).onComplete(outcome));
        return outcome.future();
    }

    /** The last request of an old connection says so, and it is closed after the answer: nothing under way is cut. */
    private HttpClientRequest orLast(HttpClientRequest request) {
        Stamp since = made.get(request.connection());
        if (since != null && stopwatch.since(since).compareTo(lifetime) > 0) {
            request.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        return request;
    }

    /** Reads the body up to a bound, so that an endless answer hurts nobody but its own job. */
    static Future<Answer> answer(HttpClientResponse response, Answer.Reader reader) {
        Promise<Answer> whole = Promise.promise();
        Body body = new Body();
        response.handler(chunk -> {
            if (body.length() + chunk.length() > MOST_BYTES) {
                whole.tryFail(new IOException("the answer is longer than " + MOST_BYTES + " bytes"));
                HttpClientRequest request = response.request();
                request.reset();
            } else {
                body.add(chunk);
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(end ->
                whole.tryComplete(reader.read(response.statusCode(), response.getHeader("retry-after"), body.bytes())));
        return whole.future();
    }

    /** Mostly comes as one chunk, which is not copied then. */
    private static final class Body {
        private Buffer chunks = Buffer.buffer(0);
        private boolean isOurs;

        int length() {
            return chunks.length();
        }

        void add(Buffer chunk) {
            if (chunks.length() == 0) {
                chunks = chunk;
            } else if (isOurs) {
                chunks.appendBuffer(chunk);
            } else {
                chunks = Buffer.buffer(chunks.length() + chunk.length())
                        .appendBuffer(chunks)
                        .appendBuffer(chunk);
                isOurs = true;
            }
        }

        byte[] bytes() {
            return chunks.getBytes();
        }
    }

    void close() {
        client.close();
    }
}
