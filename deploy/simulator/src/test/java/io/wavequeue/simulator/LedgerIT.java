package io.wavequeue.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.account.LedgerEntry;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LedgerIT {
    private final MovableClock clock = new MovableClock();
    private final Simulator simulator =
            Simulator.start(SimulatorConfig.defaults().withLatency("fixed:1000"), clock);
    private final TestClient client = new TestClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    @Test
    void shouldRecordEveryAcceptedSubmit() {
        String id = client.submitSong().id();
        assertThat(simulator.ledger().entries())
                .containsExactly(new LedgerEntry(
                        id,
                        TestClient.MUSIC,
                        "704e81d5e79494d23bd97e418daf9d2c47d035a85f1803f35717f4edc1ed8022",
                        TestClient.SONG,
                        MovableClock.START,
                        new BigDecimal("0.021700"),
                        1,
                        new BigDecimal("0.000000"),
                        "processing",
                        false));
        JsonNode json = client.get("/admin/ledger").json();
        assertThat(json.path("entries").path(0).path("body")).isEqualTo(TestClient.read(TestClient.SONG));
        assertThat(json.path("totals"))
                .isEqualTo(TestClient.read("{\"accepted\":1,\"charged_usd\":0.021700,\"refunded_usd\":0.000000,"
                        + "\"foreign_usd\":0.000000}"));
        assertThat(client.get("/admin/ledger?limit=0").json().path("entries")).isEmpty();
    }

    @Test
    void shouldRefundFailedOnesOnlyAfterTheDelay() {
        simulator.order(FaultRule.once(FaultPhase.PREDICTION, new FaultAction.Fail(1403, null)));
        client.submitSong();
        client.submit(TestClient.ACE_STEP, "{\"tags\":\"x\",\"audio\":\"https://a.example/x.mp3\"}");
        clock.advance(Duration.ofSeconds(1));
        assertThat(simulator.ledger().entries()).extracting(LedgerEntry::status).containsExactly("failed", "completed");
        clock.advance(Duration.ofMinutes(60).minusMillis(1));
        assertThat(simulator.totals().refundedUsd()).isEqualByComparingTo("0");
        clock.advance(Duration.ofMillis(1));
        assertThat(simulator.totals().chargedUsd()).hasToString("0.027700");
        assertThat(simulator.totals().refundedUsd()).hasToString("0.021700");
        assertThat(simulator.ledger().entries())
                .extracting(entry -> entry.refundedUsd().toString())
                .containsExactly("0.021700", "0.000000");
        assertThat(client.get("/api/v3/balance").data().path("balance").decimalValue())
                .isEqualByComparingTo("999.994");
    }

    @Test
    void shouldRefundAtOnceWhenToldButNeverWhatWasCancelled() {
        simulator.set("refund_delay", "0");
        for (String end : new String[] {"cancelled", "timeout", "deleted"}) {
            simulator.order(FaultRule.once(FaultPhase.PREDICTION, new FaultAction.End(end)));
            client.submitSong();
        }
        clock.advance(Duration.ofSeconds(1));
        assertThat(simulator.totals().refundedUsd()).hasToString("0.021700");
        assertThat(simulator.ledger().entries())
                .extracting(LedgerEntry::status)
                .containsExactly("cancelled", "timeout", "deleted");
    }

    @Test
    void shouldCountDuplicatesAndRequests() {
        client.submitSong();
        client.submitSong();
        client.submitSong();
        client.submit(TestClient.MUSIC, "{\"prompt\":\"other\"}");
        client.submit(TestClient.MUSIC, "{}");
        client.get("/api/v3/balance");
        JsonNode stats = client.get("/admin/stats").json();
        assertThat(stats.path("duplicated_bodies").asInt()).isEqualTo(1);
        assertThat(stats.path("duplicate_submits").asInt()).isEqualTo(2);
        assertThat(stats.path("submits_received").asInt()).isEqualTo(5);
        assertThat(stats.path("submits_429").asInt()).isZero();
        assertThat(stats.path("max_not_429_per_minute").asInt()).isEqualTo(5);
        assertThat(stats.path("max_accepted_per_minute").asInt()).isEqualTo(4);
        assertThat(stats.path("max_open").asInt()).isEqualTo(4);
        assertThat(stats.path("requests").path("submit").asInt()).isEqualTo(5);
        assertThat(stats.path("requests").path("balance").asInt()).isEqualTo(1);
    }

    @Test
    void shouldStartAnewWhenReset() {
        String id = client.submitSong().id();
        client.order("{\"phase\":\"poll\",\"action\":\"drop\"}");
        assertThat(client.post("/admin/reset", "").status()).isEqualTo(200);
        assertThat(client.result(id).status()).isEqualTo(404);
        assertThat(simulator.totals().accepted()).isZero();
        assertThat(simulator.faults()).isEmpty();
        assertThat(client.get("/api/v3/balance").data().path("balance").decimalValue())
                .isEqualByComparingTo("1000");
    }

    @Test
    void shouldChangeSettingsOverHttpOrNone() {
        assertThat(patch("{\"latency\":\"fixed:5\",\"max_in_flight\":3}")).isEqualTo(200);
        for (String broken : List.of(
                "\"max_in_flight\":\"many\"",
                "\"refund_delay\":\"999999999999999d\"",
                "\"refund_delay\":\"99999999999999h\"",
                "\"balance\":\"1e999999999\"",
                "\"price_factor\":\"1e99999\"",
                "\"key\":null",
                "\"key\":{}",
                "\"webhook_timeout\":null")) {
            assertThat(patch("{\"latency\":\"fixed:6\"," + broken + "}"))
                    .as(broken)
                    .isEqualTo(400);
        }
        JsonNode config = client.get("/admin/config").json();
        assertThat(config.path("latency").asText()).isEqualTo("fixed:5");
        assertThat(config.path("max_in_flight").asInt()).isEqualTo(3);
    }

    private int patch(String body) {
        HttpRequest request = client.request("/admin/config")
                .method("PATCH", BodyPublishers.ofString(body))
                .build();
        return client.send(request).status();
    }
}
