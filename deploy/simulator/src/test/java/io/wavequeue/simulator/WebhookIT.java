package io.wavequeue.simulator;

import static io.wavequeue.simulator.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.wavequeue.simulator.Receiver.Hook;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebhookIT {
    private final Simulator simulator =
            Simulator.start(SimulatorConfig.defaults().with("webhook_retry_delay", "1ms"));
    private final TestClient client = new TestClient(simulator);
    private final Receiver receiver = new Receiver();

    @AfterEach
    void close() {
        client.close();
        receiver.close();
        simulator.close();
    }

    @Test
    void shouldTellTheBarePredictionWithInputAndSignature() {
        String id = submit(client, "/hook?token=t1");
        Hook hook = receiver.take();
        assertThat(hook.uri()).hasToString("/hook?token=t1");
        assertThat(hook.json().path("id").asText()).isEqualTo(id);
        assertThat(hook.json().path("status").asText()).isEqualTo("completed");
        assertThat(hook.json().path("outputs").path(0).asText()).startsWith(simulator.baseUrl() + "/outputs/");
        assertThat(hook.json().path("input")).isEqualTo(TestClient.read(TestClient.SONG));
        assertThat(hook.json().has("data")).isFalse();
        assertThat(hook.isSignedWith(secret(client))).isTrue();
        assertThat(age(hook)).isLessThan(60);
        await().until(() -> simulator.stats().webhooksDelivered() == 1);
    }

    @Test
    void shouldRetryThreeTimesAndThenGiveUp() {
        receiver.refuse(3);
        String told = submit(client, "/");
        for (int i = 0; i < 4; i++) {
            assertThat(receiver.take().json().path("id").asText()).isEqualTo(told);
        }
        await().until(() -> simulator.stats().webhooksDelivered() == 1);
        receiver.refuse(4);
        submit(client, "/");
        for (int i = 0; i < 4; i++) {
            receiver.take();
        }
        await().until(() -> simulator.stats().webhooksSent() == 8);
        assertThat(simulator.stats().webhooksDelivered()).isEqualTo(1);
    }

    @Test
    void shouldTellOfFailures() {
        order("{'phase':'prediction','action':'fail','code':1200}");
        submit(client, "/");
        Hook hook = receiver.take();
        assertThat(hook.json().path("status").asText()).isEqualTo("failed");
        assertThat(hook.json().path("code").asInt()).isEqualTo(1200);
        assertThat(hook.json().path("outputs")).isEmpty();
    }

    @Test
    void shouldBeLateDoubledForgedStaleOrMissingOnOrder() {
        order("[{'phase':'webhook','action':'twice'},{'phase':'webhook','action':'forge'},"
                + "{'phase':'webhook','action':'stale'},{'phase':'webhook','action':'omit'},"
                + "{'phase':'webhook','action':'delay','delay_ms':150}]");
        String doubled = submit(client, "/");
        Hook first = receiver.take();
        Hook second = receiver.take();
        assertThat(first.id()).isEqualTo(second.id()).isEqualTo("msg_" + doubled);
        assertThat(first.uri()).isEqualTo(second.uri());
        assertThat(first.body()).isEqualTo(second.body());
        assertThat(List.of(first, second))
                .as("each signed in its own second")
                .allMatch(hook -> hook.isSignedWith(secret(client)));

        submit(client, "/");
        Hook one = receiver.take();
        Hook other = receiver.take();
        Hook forged = one.isSignedWith(secret(client)) ? other : one;
        assertThat(forged.isSignedWith(secret(client))).isFalse();
        assertThat(forged.json().path("status").asText()).isEqualTo("failed");
        assertThat((forged == one ? other : one).isSignedWith(secret(client))).isTrue();

        submit(client, "/");
        Hook stale = receiver.take();
        assertThat(stale.isSignedWith(secret(client))).isTrue();
        assertThat(age(stale)).isGreaterThan(300);

        String omitted = submit(client, "/");
        long before = System.nanoTime();
        String late = submit(client, "/");
        assertThat(receiver.take().json().path("id").asText()).isEqualTo(late).isNotEqualTo(omitted);
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(149_000_000);
        assertThat(receiver.waiting()).isZero();
    }

    @Test
    void shouldHaveOneSecretForTheAccountOrOneForEachKey() {
        try (TestClient second = new TestClient(simulator, "second")) {
            assertThat(secret(second)).isEqualTo(secret(client)).startsWith("whsec_");
            simulator.set("webhook_secret_scope", "key");
            assertThat(secret(second)).isNotEqualTo(secret(client));
            submit(second, "/");
            assertThat(receiver.take().isSignedWith(secret(second))).isTrue();
        }
    }

    @Test
    void shouldRefuseWhatIsNoAddressAndBase64() {
        assertThat(client.submit(TestClient.MUSIC + "?webhook=ftp%3A%2F%2Fa", TestClient.SONG)
                        .status())
                .isEqualTo(400);
        assertThat(client.submit(TestClient.MUSIC + "?webhook=http%3A%2F%2F127.0.0.1%3A99999%2F", TestClient.SONG)
                        .status())
                .isEqualTo(400);
        simulator.set("webhook_https", "true");
        assertThat(client.submit(path("/"), TestClient.SONG).status()).isEqualTo(400);
        simulator.set("webhook_https", "false");
        TestClient.Answer base64 = client.submit(path("/"), "{\"prompt\":\"x\",\"enable_base64_output\":true}");
        assertThat(base64.status()).isEqualTo(400);
        assertThat(base64.json().path("error").asText()).startsWith("webhook callback does not support");
        assertThat(simulator.totals().accepted()).isZero();
    }

    @Test
    void shouldTellAfterARestartWhatItHadNotToldBefore(@TempDir Path folder) {
        SimulatorConfig config = SimulatorConfig.defaults().withData(folder).withLatency("fixed:3600000");
        String told;
        try (Simulator first = Simulator.start(config);
                TestClient user = new TestClient(first)) {
            told = submit(user, "/");
            first.turnClock(Duration.ofHours(2));
            assertThat(receiver.take().json().path("id").asText()).isEqualTo(told);
            await().until(() -> first.stats().webhooksDelivered() == 1);
            told = submit(user, "/again");
        }
        try (Simulator second = Simulator.start(config)) {
            second.turnClock(Duration.ofHours(2));
            Hook hook = receiver.take();
            assertThat(hook.json().path("id").asText()).isEqualTo(told);
            assertThat(hook.uri()).hasToString("/again");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"forge", "twice"})
    void shouldTellAfterARestartWhatOnlyAForgedOneOrACopyTold(String action, @TempDir Path folder) {
        SimulatorConfig config = SimulatorConfig.defaults().withData(folder).with("webhook_retry_delay", "1h");
        receiver.refuse(2);
        String told;
        try (Simulator first = Simulator.start(config);
                TestClient user = new TestClient(first)) {
            user.order("{\"phase\":\"webhook\",\"action\":\"" + action + "\"}");
            told = submit(user, "/");
            receiver.take();
            receiver.take();
            await().until(() -> first.stats().webhooksSent() == 2);
        }
        try (Simulator second = Simulator.start(config)) {
            assertThat(receiver.take().json().path("id").asText()).isEqualTo(told);
            await().until(() -> second.stats().webhooksDelivered() == 1);
        }
    }

    @Test
    void shouldTellTheOthersWhenOneAddressIsImpossible(@TempDir Path folder) throws IOException {
        SimulatorConfig config = SimulatorConfig.defaults().withData(folder).withLatency("fixed:3600000");
        String told;
        try (Simulator first = Simulator.start(config);
                TestClient user = new TestClient(first)) {
            user.submit(TestClient.MUSIC + "?webhook=http%3A%2F%2F127.0.0.1%3A65535%2F", TestClient.SONG);
            told = submit(user, "/");
        }
        Path journal = folder.resolve("journal.jsonl");
        Files.writeString(journal, Files.readString(journal).replace("127.0.0.1:65535", "127.0.0.1:99999"));
        try (Simulator second = Simulator.start(config)) {
            second.turnClock(Duration.ofHours(2));
            assertThat(receiver.take().json().path("id").asText()).isEqualTo(told);
        }
    }

    @Test
    void shouldNotRetryWhatAResetForgot() {
        Queue<Runnable> retries = new ConcurrentLinkedQueue<>();
        try (Simulator forgetful = Simulator.start(
                        SimulatorConfig.defaults(),
                        InstantSource.system(),
                        (delay, step) -> retries.add(onThisLoop(step)));
                TestClient user = new TestClient(forgetful)) {
            receiver.refuse(1);
            submit(user, "/forgotten");
            assertThat(receiver.take().uri()).hasToString("/forgotten");
            await().until(() -> !retries.isEmpty());
            forgetful.reset();

            retries.remove().run();

            submit(user, "/later");
            assertThat(receiver.take().uri()).hasToString("/later");
            await().until(() -> forgetful.stats().webhooksDelivered() == 1);
            assertThat(forgetful.stats().webhooksSent()).isEqualTo(1);
            assertThat(retries).isEmpty();
            assertThat(receiver.waiting()).isZero();
        }
    }

    private static Runnable onThisLoop(Runnable step) {
        Context loop = Vertx.currentContext();
        return () -> loop.runOnContext(due -> step.run());
    }

    /** Each takes the connection and never answers. */
    @Test
    void shouldAskManySlowReceiversAtOnce() throws IOException {
        simulator.set("webhook_timeout", "20m");
        try (ServerSocket slow = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            slow.setSoTimeout(10_000);
            String url = "?webhook=http%3A%2F%2F127.0.0.1%3A" + slow.getLocalPort() + "%2F";
            List<Socket> taken = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                client.submit(TestClient.MUSIC + url, TestClient.SONG);
                taken.add(slow.accept());
            }
            assertThat(taken).hasSize(12);
            for (Socket socket : taken) {
                socket.close();
            }
        }
    }

    private String submit(TestClient user, String receiverPath) {
        return user.submit(path(receiverPath), TestClient.SONG).id();
    }

    private String path(String receiverPath) {
        return TestClient.MUSIC + "?webhook=" + URLEncoder.encode(receiver.url(receiverPath), StandardCharsets.UTF_8);
    }

    private static String secret(TestClient user) {
        return user.get("/api/v3/webhook/secret").data().path("secret").asText();
    }

    private static long age(Hook hook) {
        return Instant.now().getEpochSecond() - Long.parseLong(hook.timestamp());
    }

    private void order(String faults) {
        assertThat(client.order(faults.replace('\'', '"')).status()).isEqualTo(200);
    }
}
