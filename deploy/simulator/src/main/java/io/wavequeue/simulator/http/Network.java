package io.wavequeue.simulator.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetClient;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The listening port. It can be closed, so that connections are refused as by a server that is down, and opened again
 * under the same number. Whether it should be open is one state, {@code held} and the timed outages; steps bring the port
 * there, one at a time.
 */
public final class Network {
    private static final Logger LOG = System.getLogger(Network.class.getName());
    private static final int BACKLOG = 4_096;
    private static final long PATIENCE_SECONDS = 60;
    private static final long MOMENT_MS = 50;

    private final Vertx vertx;
    private final String host;
    private final NetClient prober;
    private volatile Opening opening = request -> Future.failedFuture("not started");
    private volatile @Nullable HttpServer server;
    private volatile int port;
    private final Set<Long> outages = new HashSet<>();
    private boolean held;
    private Future<Void> last = Future.succeededFuture();

    @FunctionalInterface
    private interface Opening {
        Future<HttpServer> at(int port);
    }

    public Network(Vertx vertx, String host) {
        this.vertx = vertx;
        this.host = host;
        this.prober = vertx.createNetClient();
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
        HttpServer opened = await(opening.at(port));
        server = opened;
        this.port = opened.actualPort();
    }

    public int port() {
        return port;
    }

    /**
     * Refuses connections, and ends those that stand, until {@link #comeBack()}; the end of a timed outage does not end it.
     * Not from the event loop.
     */
    public void goOut() {
        synchronized (this) {
            held = true;
        }
        await(settle());
    }

    /** Ends every outage. Not from the event loop. */
    public void comeBack() {
        synchronized (this) {
            held = false;
            outages.forEach(vertx::cancelTimer);
            outages.clear();
        }
        await(settle());
    }

    /**
     * The same for a while; one that is ordered meanwhile can make it longer, not shorter. A moment passes first, in which
     * the answer to who asked for it can leave.
     */
    public synchronized void goOut(Duration duration) {
        outages.add(vertx.setTimer(MOMENT_MS + Math.max(1, duration.toMillis()), this::end));
        vertx.setTimer(MOMENT_MS, moment -> settleAtLast());
    }

    private void end(Long outage) {
        synchronized (this) {
            outages.remove(outage);
        }
        settleAtLast();
    }

    private void settleAtLast() {
        settle().onFailure(failure -> {
            LOG.log(Level.WARNING, "port {0} cannot be opened or closed yet: {1}", Integer.toString(port), failure);
            vertx.setTimer(MOMENT_MS, again -> settleAtLast());
        });
    }

    /** Opens or closes the port, whichever is due when it comes to it: one step after the other. */
    private synchronized Future<Void> settle() {
        last = last.transform(before -> step());
        return last;
    }

    private synchronized Future<Void> step() {
        boolean out = held || !outages.isEmpty();
        HttpServer open = server;
        if (out && open != null) {
            server = null;
            return open.close().compose(closed -> refused());
        }
        return out || open != null
                ? Future.succeededFuture()
                : opening.at(port).onSuccess(opened -> server = opened).mapEmpty();
    }

    /** Done when a connection is refused: the system may keep a closed port open until its selector has run once more. */
    private Future<Void> refused() {
        return prober.connect(port, host).transform(connected -> {
            if (connected.failed()) {
                return Future.succeededFuture();
            }
            return connected.result().close().transform(closed -> refused());
        });
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
