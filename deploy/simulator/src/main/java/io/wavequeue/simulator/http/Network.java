package io.wavequeue.simulator.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The listening port. It can be closed, so that connections are refused as by a server that is down, and opened again
 * under the same number.
 */
public final class Network {
    private static final Logger LOG = System.getLogger(Network.class.getName());
    private static final int BACKLOG = 4_096;
    private static final long PATIENCE_SECONDS = 60;
    private static final long RETRY_MS = 50;

    private final Vertx vertx;
    private final String host;
    private volatile Opening opening = request -> Future.failedFuture("not started");
    private volatile HttpServer server;
    private volatile int port;

    @FunctionalInterface
    private interface Opening {
        Future<HttpServer> at(int port);
    }

    public Network(Vertx vertx, String host) {
        this.vertx = vertx;
        this.host = host;
        this.server = vertx.createHttpServer();
    }

    /**
     * Listens from now on.
     *
     * @param port 0 for any free one
     * @throws java.util.concurrent.CompletionException if that is impossible
     */
    public void listen(Context loop, int port, Handler<HttpServerRequest> handler) {
        opening = wanted -> {
            CompletableFuture<HttpServer> listening = new CompletableFuture<>();
            loop.runOnContext(start -> vertx.createHttpServer(new HttpServerOptions()
                            .setHost(host)
                            .setPort(wanted)
                            .setAcceptBacklog(BACKLOG)
                            .setHandle100ContinueAutomatically(true))
                    .requestHandler(handler)
                    .listen()
                    .onSuccess(listening::complete)
                    .onFailure(listening::completeExceptionally));
            return Future.fromCompletionStage(listening);
        };
        server = await(opening.at(port));
        this.port = server.actualPort();
    }

    public int port() {
        return port;
    }

    /** Refuses connections, and ends those that stand, until {@link #comeBack()}. Not from the event loop. */
    public void goOut() {
        await(server.close());
    }

    /** Not from the event loop. */
    public void comeBack() {
        server = await(opening.at(port));
    }

    /** The same for a while; a moment passes first, in which the answer to who asked for it can leave. */
    public void goOut(Duration duration) {
        vertx.setTimer(RETRY_MS, moment -> server.close()
                .onComplete(closed -> vertx.setTimer(Math.max(1, duration.toMillis()), over -> openAgain())));
    }

    private void openAgain() {
        opening.at(port).onSuccess(opened -> server = opened).onFailure(failure -> {
            LOG.log(Level.WARNING, "cannot listen on port {0} again yet: {1}", Integer.toString(port), failure);
            vertx.setTimer(RETRY_MS, again -> openAgain());
        });
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
