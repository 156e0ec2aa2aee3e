package io.wavequeue.simulator.http;

import static io.wavequeue.simulator.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NetworkIT {
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofHours(1);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Network network = new Network(vertx, "127.0.0.1");

    @BeforeEach
    void listen() {
        network.listen(
                vertx.getOrCreateContext(), 0, request -> request.response().end());
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void shouldGoOutForAWhile() throws IOException {
        network.goOut(SHORT);
        letShortOutagesEnd();
        await().until(this::isOpen);
        network.goOut();
        assertThat(isOpen()).isFalse();
    }

    @Test
    void shouldStayOutForTheLongerOfTwoOutages() throws IOException {
        network.goOut(LONG);
        network.goOut(SHORT);
        letShortOutagesEnd();
        assertThat(isOpen()).isFalse();
        network.comeBack();
        assertThat(isOpen()).isTrue();
    }

    @Test
    void shouldStayOutWhenHeldThoughATimedOutageEnds() throws IOException {
        network.goOut(SHORT);
        network.goOut();
        letShortOutagesEnd();
        assertThat(isOpen()).isFalse();
        network.comeBack();
        assertThat(isOpen()).isTrue();
    }

    @Test
    void shouldComeBackDuringATimedOutageOnceAndForAll() throws IOException {
        network.goOut(LONG);
        network.goOut(SHORT);
        letShortOutagesEnd();
        network.comeBack();
        network.comeBack();
        assertThat(isOpen()).isTrue();
        network.goOut();
        assertThat(isOpen()).isFalse();
    }

    @Test
    void shouldOpenOnceHoweverOftenItComesBack() throws IOException {
        network.comeBack();
        network.comeBack();
        network.goOut();
        network.goOut();
        assertThat(isOpen()).isFalse();
    }

    /** Timers of the one event loop fire in the order of their times. */
    private void letShortOutagesEnd() {
        CompletableFuture<Long> later = new CompletableFuture<>();
        vertx.setTimer(300, later::complete);
        later.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private boolean isOpen() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), network.port())) {
            return socket.isConnected();
        } catch (ConnectException refused) {
            return false;
        }
    }
}
