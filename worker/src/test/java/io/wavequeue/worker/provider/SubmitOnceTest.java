package io.wavequeue.worker.provider;

import static io.wavequeue.test.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import io.wavequeue.local.Ports;
import io.wavequeue.worker.provider.CountingServer.Deed;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No layer below us sends a submit twice: judged by a server that counts what arrives. */
class SubmitOnceTest {
    private static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        vertx.close();
    }

    private static WaveSpeed provider(URI url) {
        return provider(url, Map.of("submit-connections", "1"));
    }

    /** One that waits for an answer no longer than a test of silence may take. */
    private static WaveSpeed provider(URI url, Deed deed) {
        return deed == Deed.SILENCE
                ? provider(url, Map.of("submit-connections", "1", "submit-timeout", "2S"))
                : provider(url);
    }

    private static WaveSpeed provider(URI url, Map<String, String> settings) {
        return Providers.of(vertx, url, HttpVersion.HTTP_1_1, Providers.realTime(), settings);
    }

    private static SubmitAnswer submit(WaveSpeed provider) throws InterruptedException {
        return provider.submit("a/model", "{\"prompt\":\"x\"}", null, () -> true);
    }

    @ParameterizedTest
    @EnumSource(
            value = Deed.class,
            names = {"CLOSE", "RESET", "SILENCE", "REDIRECT"})
    void shouldArriveOnceAndBeUncertainOnAFreshConnection(Deed deed) throws Exception {
        try (CountingServer server = new CountingServer(deed)) {
            assertThat(submit(provider(server.url(), deed))).isInstanceOf(SubmitAnswer.Uncertain.class);
            await().until(server::requests, is(1));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Deed.class,
            names = {"CLOSE", "RESET", "SILENCE", "REDIRECT"})
    void shouldArriveOnceAndBeUncertainOnAReusedConnection(Deed deed) throws Exception {
        try (CountingServer server = new CountingServer()) {
            WaveSpeed provider = provider(server.url(), deed);
            await().pollInSameThread().until(() -> submit(provider) instanceof SubmitAnswer.Accepted);
            int requests = server.requests();
            int connections = server.connections();
            server.next(deed);

            assertThat(submit(provider)).isInstanceOf(SubmitAnswer.Uncertain.class);

            await().until(server::requests, is(requests + 1));
            assertThat(server.connections())
                    .as("it went over the connection that was there")
                    .isEqualTo(connections);
        }
    }

    @Test
    void shouldArriveAtMostOnceWhenTheServerClosedTheKeptConnection() throws Exception {
        try (CountingServer server = new CountingServer(Deed.ANSWER_AND_CLOSE)) {
            WaveSpeed provider = provider(server.url());
            submit(provider);

            SubmitAnswer second = submit(provider);

            // The close may or may not be seen before the second request: once, or not at all and then uncertain.
            int expected = second instanceof SubmitAnswer.Accepted ? 2 : 1;
            assertThat(server.requests()).isEqualTo(expected);
        }
    }

    @Test
    void shouldAskTheGateOnTheThreadThatWritesToTheConnectionWhoeverCalls() throws Exception {
        try (CountingServer server = new CountingServer()) {
            WaveSpeed provider = provider(server.url());
            Set<Thread> asked = ConcurrentHashMap.newKeySet();
            for (int i = 0; i < 1000; i++) {
                Callable<SubmitAnswer> call = () -> provider.submit("a/model", "{}", null, () -> {
                    asked.add(Thread.currentThread());
                    return true;
                });
                FutureTask<SubmitAnswer> submit = new FutureTask<>(call);
                Thread.ofVirtual().start(submit);
                assertThat(submit.get()).isInstanceOf(SubmitAnswer.Accepted.class);
            }

            assertThat(server.connections()).isEqualTo(1);
            assertThat(asked).hasSize(1);
        }
    }

    @Test
    void shouldNameTheWebhookInTheQueryAndNowhereElse() throws Exception {
        try (CountingServer server = new CountingServer()) {
            provider(server.url())
                    .submit(
                            "a/model",
                            "{}",
                            "https://hooks.example/wq/v1/webhooks/wavespeed/t?x=1&y=\u00e4",
                            () -> true);
            assertThat(server.lines())
                    .containsExactly(
                            "POST /api/v3/a/model?webhook=https%3A%2F%2Fhooks.example%2Fwq%2Fv1%2Fwebhooks%2Fwavespeed%2Ft"
                                    + "%3Fx%3D1%26y%3D%C3%A4 HTTP/1.1");
            submit(provider(server.url()));
            assertThat(server.lines().getLast()).isEqualTo("POST /api/v3/a/model HTTP/1.1");
        }
    }

    @Test
    void shouldSendNothingWhenTheGateIsClosed() throws Exception {
        try (CountingServer server = new CountingServer()) {
            WaveSpeed provider = provider(server.url());

            assertThat(provider.submit("a/model", "{}", null, () -> false)).isInstanceOf(SubmitAnswer.NotSent.class);

            assertThat(server.requests()).isZero();
            assertThat(submit(provider)).as("the pool is not harmed").isInstanceOf(SubmitAnswer.Accepted.class);
        }
    }

    /** One connection, one place to wait for it. */
    @Test
    void shouldBeNotSentWhenAsManyWaitForAConnectionAsMay() throws Exception {
        try (CountingServer server = new CountingServer(Deed.HOLD);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            WaveSpeed provider = provider(server.url());
            CompletionService<SubmitAnswer> submits = new ExecutorCompletionService<>(threads);
            submits.submit(() -> submit(provider));
            await().until(() -> server.requests() == 1);
            submits.submit(() -> submit(provider));
            submits.submit(() -> submit(provider));

            assertThat(submits.take().get())
                    .as("one has the connection, one waits for it")
                    .isInstanceOf(SubmitAnswer.NotSent.class);
            assertThat(server.requests()).isEqualTo(1);
            server.release();
            assertThat(submits.take().get()).isInstanceOf(SubmitAnswer.Accepted.class);
            assertThat(submits.take().get()).isInstanceOf(SubmitAnswer.Accepted.class);
            assertThat(server.requests()).isEqualTo(2);
        }
    }

    @Test
    void shouldBeNotSentWhenNobodyListens() throws Exception {
        URI nobody = URI.create("http://127.0.0.1:" + Ports.free());

        assertThat(submit(provider(nobody))).isInstanceOf(SubmitAnswer.NotSent.class);
    }
}
