package io.wavequeue.simulator;

import static io.wavequeue.simulator.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.simulator.TestClient.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LimitsIT {
    private final MovableClock clock = new MovableClock();
    private final Simulator simulator =
            Simulator.start(SimulatorConfig.defaults().withLatency("fixed:10000"), clock);
    private final TestClient client = new TestClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    @Test
    void shouldRefuseWhenTheMinuteIsUsedUp() {
        simulator.set("submits_per_minute", "2");
        assertThat(client.submitSong().status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(20));
        assertThat(client.submitSong().status()).isEqualTo(200);
        Answer refused = client.submitSong();
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().path("code").asInt()).isEqualTo(429);
        assertThat(refused.response().headers().firstValue("Retry-After")).hasValue("40");
        simulator.set("retry_after", "false");
        assertThat(client.submitSong().response().headers().firstValue("Retry-After"))
                .isEmpty();
        clock.advance(Duration.ofSeconds(40));
        assertThat(client.submitSong().status()).isEqualTo(200);
        assertThat(client.submitSong().status()).isEqualTo(429);

        assertThat(simulator.stats()).satisfies(stats -> {
            assertThat(stats.submitsReceived()).isEqualTo(6);
            assertThat(stats.submitsAccepted()).isEqualTo(3);
            assertThat(stats.submits429()).isEqualTo(3);
            assertThat(stats.maxAcceptedPerMinute()).isEqualTo(2);
            assertThat(stats.maxNot429PerMinute()).isEqualTo(2);
        });
    }

    @Test
    void shouldCountRefusedInputsIntoTheMinute() {
        simulator.set("submits_per_minute", "1");
        assertThat(client.submit(TestClient.MUSIC, "{}").status()).isEqualTo(400);
        assertThat(client.submitSong().status()).isEqualTo(429);
        assertThat(simulator.stats().maxNot429PerMinute()).isEqualTo(1);
        assertThat(simulator.stats().maxAcceptedPerMinute()).isZero();
    }

    @Test
    void shouldLetPredictionsWaitWhenAllPlacesAreTaken() {
        simulator.set("max_in_flight", "1");
        String first = client.submitSong().id();
        String second = client.submitSong().id();
        String third = client.submitSong().id();
        clock.advance(Duration.ofMillis(9_999));
        assertThat(status(first)).isEqualTo("processing");
        assertThat(status(second)).isEqualTo("created");
        clock.advance(Duration.ofMillis(1));
        assertThat(status(first)).isEqualTo("completed");
        assertThat(status(second)).isEqualTo("processing");
        clock.advance(Duration.ofSeconds(20));
        assertThat(status(third)).isEqualTo("completed");
        assertThat(simulator.stats().maxOpen()).isEqualTo(3);
        assertThat(simulator.stats().open()).isZero();
    }

    @Test
    void shouldStartWaitingOnesWhenTheLimitIsRaised() {
        simulator.set("max_in_flight", "1");
        client.submitSong();
        String second = client.submitSong().id();
        simulator.set("max_in_flight", "2");
        assertThat(status(second)).isEqualTo("processing");
    }

    @ParameterizedTest
    @CsvSource({"402,402,402", "1407,400,1407", "403,403,403"})
    void shouldRefuseWithoutChargeWhenTheBalanceIsTooLow(String form, int status, int code) {
        simulator.set("insufficient_balance", form);
        simulator.set("balance", "0.0216");
        Answer refused = client.submitSong();
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.json().path("code").asInt()).isEqualTo(code);
        assertThat(refused.json().path("message").asText()).contains("insufficient");
        assertThat(simulator.totals().accepted()).isZero();
        simulator.set("balance", "0.0217");
        assertThat(client.submitSong().status()).isEqualTo(200);
        simulator.set("balance", "0.0217");
        assertThat(client.submitSong().status()).isEqualTo(200);
        assertThat(client.get("/api/v3/balance").data().path("balance").decimalValue())
                .isEqualByComparingTo("0");
    }

    @Test
    void shouldLetInOnlyTheConfiguredKey() {
        simulator.set("key", "right");
        try (TestClient right = new TestClient(simulator, "right");
                TestClient none = new TestClient(simulator, "")) {
            assertThat(client.submitSong().status()).isEqualTo(401);
            assertThat(none.get("/api/v3/models").text()).isEqualTo("{\"code\":401,\"message\":\"invalid API key\"}");
            assertThat(right.submitSong().status()).isEqualTo(200);
            simulator.set("key", "");
            assertThat(client.submitSong().status()).isEqualTo(200);
            assertThat(none.submitSong().status()).isEqualTo(401);
        }
        assertThat(simulator.totals().accepted()).isEqualTo(2);
    }

    @Test
    void shouldRefuseSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> simulator.set("max_in_flight", "-1")).hasMessageContaining("max_in_flight must be");
        assertThatThrownBy(() -> simulator.set("balance", "1.0000001")).hasMessageContaining("6 decimals");
        assertThatThrownBy(() -> simulator.set("refund_delay", "soon")).hasMessageContaining("such as");
        assertThatThrownBy(() -> simulator.set("deleted_refund_percent", "101"))
                .hasMessageContaining("a whole number from 0 to 100");
        assertThatThrownBy(() -> simulator.set("discount_percent", "101")).hasMessageContaining("0 to 100");
        assertThatThrownBy(() -> simulator.set("max_upload", "209715201")).hasMessageContaining("0 to 209715200");
        assertThatThrownBy(() -> simulator.set("colour", "red")).hasMessageContaining("no setting");
    }

    @Test
    void shouldCountASubmitBeforeSyncModeAnswersIt() {
        simulator.set("submits_per_minute", "1");
        CompletableFuture<Answer> held = CompletableFuture.supplyAsync(this::submitInSyncMode);
        await().until(() -> simulator.totals().accepted() == 1);
        assertThat(client.submitSong().status()).isEqualTo(429);
        clock.advance(Duration.ofSeconds(10));
        assertThat(held.join().data().path("status").asText()).isEqualTo("completed");
        assertThat(simulator.stats().submitsReceived()).isEqualTo(2);
        assertThat(simulator.stats().maxNot429PerMinute()).isEqualTo(1);
    }

    @Test
    void shouldEndTheWaitOfSyncModeWhenAllIsForgotten() {
        CompletableFuture<Answer> held = CompletableFuture.supplyAsync(this::submitInSyncMode);
        await().until(() -> simulator.totals().accepted() == 1);
        simulator.reset();
        assertThat(held.join().status()).isEqualTo(404);
    }

    private Answer submitInSyncMode() {
        return client.submit(TestClient.MUSIC, "{\"prompt\":\"x\",\"enable_sync_mode\":true}");
    }

    @Test
    void shouldRefuseAboveTheNumberInFlightThatOthersReached() {
        simulator.set("max_in_flight", "1");
        simulator.set("over_in_flight", "429");
        assertThat(client.post("/admin/predictions", foreign("60000")).status()).isEqualTo(200);
        assertThat(client.submitSong().status()).isEqualTo(429);
        clock.advance(Duration.ofMinutes(1));
        assertThat(client.submitSong().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "\"x\"", "604800001"})
    void shouldRefuseRunTimesThatMakeNoSense(String runMs) {
        Answer refused = client.post("/admin/predictions", foreign(runMs));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("run_ms");
    }

    private static String foreign(String runMs) {
        return "{\"model\":\"" + TestClient.MUSIC + "\",\"input\":" + TestClient.SONG + ",\"run_ms\":" + runMs + "}";
    }

    private String status(String id) {
        return client.result(id).data().path("status").asText();
    }
}
