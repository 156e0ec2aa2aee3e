package io.wavequeue.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BillingIT {
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
    void shouldChargeAtSubmissionAndSettleAtTheEnd() {
        String id = client.submitSong().id();
        JsonNode row = search("{}").path("items").path(0);
        assertThat(row.path("billing_type").asText()).isEqualTo("deduct");
        assertThat(row.path("price").decimalValue()).isEqualByComparingTo("0.021700");
        assertThat(row.path("prediction").path("uuid").asText()).isEqualTo(id);
        assertThat(row.path("prediction").path("model_uuid").asText()).isEqualTo(TestClient.MUSIC);
        assertThat(row.path("order").path("state").asText()).isEqualTo("pre");
        clock.advance(Duration.ofSeconds(1));
        JsonNode settled = search("{}").path("items").path(0);
        assertThat(settled.path("order").path("state").asText()).isEqualTo("done");
        assertThat(settled.path("uuid")).isEqualTo(row.path("uuid"));
    }

    @Test
    void shouldShowARefundAsARowOfItsOwn() {
        order("{'phase':'prediction','action':'fail','code':1403}");
        String id = client.submitSong().id();
        clock.advance(Duration.ofHours(2));
        JsonNode page = search("{\"prediction_uuids\":[\"" + id + "\"]}");
        assertThat(page.path("total").asInt()).isEqualTo(2);
        JsonNode refund = page.path("items").path(0);
        assertThat(refund.path("billing_type").asText()).isEqualTo("refund");
        assertThat(refund.path("price").decimalValue()).isEqualByComparingTo("0.021700");
        assertThat(refund.path("created_at").asText())
                .isEqualTo(MovableClock.START.plusSeconds(3_601).toString());
        assertThat(search("{\"billing_type\":\"refund\"}").path("items")).hasSize(1);
    }

    @Test
    void shouldRefundLateOrNeverOnOrder() {
        order("[{'phase':'prediction','action':'fail','times':2},"
                + "{'phase':'refund','action':'omit'},{'phase':'refund','action':'delay','delay_ms':18000000}]");
        client.submitSong();
        client.submitSong();
        clock.advance(Duration.ofHours(4));
        assertThat(simulator.totals().refundedUsd()).isEqualByComparingTo("0");
        clock.advance(Duration.ofHours(200));
        assertThat(simulator.totals().refundedUsd()).hasToString("0.021700");
    }

    @Test
    void shouldChargeTwiceOrAnotherPriceOnOrder() {
        order("[{'phase':'charge','action':'twice'},{'phase':'charge','action':'price','factor':1.5}]");
        String twice = client.submitSong().id();
        String dearer = client.submitSong().id();
        assertThat(search("{\"prediction_uuids\":[\"" + twice + "\"]}").path("items"))
                .extracting(row -> row.path("uuid").asText())
                .doesNotHaveDuplicates()
                .hasSize(2);
        assertThat(search("{\"prediction_uuids\":[\"" + dearer + "\"]}")
                        .path("items")
                        .path(0)
                        .path("price")
                        .decimalValue())
                .isEqualByComparingTo("0.032550");
        assertThat(simulator.totals().chargedUsd()).hasToString("0.075950");
        assertThat(simulator.ledger().entries().getFirst().charges()).isEqualTo(2);
    }

    @Test
    void shouldListWhatOthersUseInTheSameAccount() {
        assertThat(client.post(
                                "/admin/predictions",
                                "{\"model\":\"" + TestClient.MUSIC + "\",\"input\":" + TestClient.SONG
                                        + ",\"count\":3}")
                        .json()
                        .path("made")
                        .asInt())
                .isEqualTo(3);
        client.submitSong();
        assertThat(search("{}").path("total").asInt()).isEqualTo(4);
        assertThat(client.history("{\"page\":1,\"page_size\":20}").data().path("items"))
                .hasSize(4);
        assertThat(simulator.totals().accepted()).isEqualTo(1);
        assertThat(simulator.totals().chargedUsd()).hasToString("0.021700");
        assertThat(simulator.totals().foreignUsd()).hasToString("0.065100");
        assertThat(simulator.stats().submitsAccepted()).isEqualTo(1);
        assertThat(simulator.stats().duplicateSubmits()).isZero();
        assertThat(simulator.stats().maxOpen()).isEqualTo(1);
        assertThat(client.get("/api/v3/balance").data().path("balance").decimalValue())
                .isEqualByComparingTo("999.9132");
    }

    @Test
    void shouldPageSortAndFilter() {
        for (int i = 0; i < 5; i++) {
            client.submitSong();
            clock.advance(Duration.ofSeconds(10));
        }
        client.submit(TestClient.ACE_STEP, "{\"tags\":\"x\",\"audio\":\"https://a.example/x.mp3\"}");
        JsonNode second = search("{\"page\":2,\"page_size\":4}");
        assertThat(second.path("items")).hasSize(2);
        assertThat(second.path("total").asInt()).isEqualTo(6);
        JsonNode oldest = search("{\"page_size\":1,\"sort\":\"created_at ASC\"}");
        assertThat(oldest.path("items").path(0).path("created_at").asText()).isEqualTo(MovableClock.START.toString());
        assertThat(search("{\"model_uuid\":\"" + TestClient.ACE_STEP + "\"}").path("items"))
                .hasSize(1);
        assertThat(search("{\"access_key_uuid\":\"another\"}").path("items")).isEmpty();
        assertThat(client.post("/api/v3/billings/search", "{\"sort\":\"price\"}")
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"any,200,200", "iso,200,400", "epoch,400,200"})
    void shouldTakeTimesInEitherForm(String setting, int iso, int epoch) {
        client.submitSong();
        simulator.set("billing_time", setting);
        String from = MovableClock.START.toString();
        long later = MovableClock.START.toEpochMilli() + 1;
        TestClient.Answer byIso = client.post("/api/v3/billings/search", "{\"start_time\":\"" + from + "\"}");
        TestClient.Answer byEpoch = client.post("/api/v3/billings/search", "{\"start_time\":\"" + later + "\"}");
        assertThat(byIso.status()).isEqualTo(iso);
        assertThat(byEpoch.status()).isEqualTo(epoch);
        if (iso == 200) {
            assertThat(byIso.data().path("items")).hasSize(1);
        }
        if (epoch == 200) {
            assertThat(byEpoch.data().path("items")).isEmpty();
        }
    }

    @Test
    void shouldSayWhetherThereIsMoreInsteadOfATotal() {
        simulator.set("billing_paging", "has_more");
        client.submitSong();
        client.submitSong();
        JsonNode first = search("{\"page_size\":1}");
        assertThat(first.has("total")).isFalse();
        assertThat(first.path("has_more").asBoolean()).isTrue();
        assertThat(search("{\"page_size\":1,\"page\":2}").path("has_more").asBoolean())
                .isFalse();
    }

    @Test
    void shouldChargeTwiceOnlyWhatTheBalanceCovers() {
        order("{'phase':'charge','action':'twice','times':3}");
        simulator.set("balance", "0.0216");
        assertThat(client.submitSong().status()).isEqualTo(402);
        assertThat(simulator.faults().getFirst().struck()).isZero();
        simulator.set("balance", "0.0433");
        assertThat(client.submitSong().status()).isEqualTo(402);
        assertThat(simulator.totals().chargedUsd()).isZero();
        simulator.set("balance", "0.0434");
        assertThat(client.submitSong().status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        JsonNode usage = client.post("/api/v3/user/usage_stats", "{}").data();
        assertThat(usage.path("summary").path("total_cost").decimalValue()).isEqualByComparingTo("0.0434");
        assertThat(usage.path("summary").path("total_requests").asInt()).isEqualTo(1);
        assertThat(usage.path("summary").path("success_requests").asInt()).isEqualTo(1);
    }

    @Test
    void shouldSumUpUsage() {
        client.submitSong();
        client.submitSong();
        clock.advance(Duration.ofDays(1));
        client.submit(TestClient.ACE_STEP, "{\"tags\":\"x\",\"audio\":\"https://a.example/x.mp3\"}");
        JsonNode usage = client.post("/api/v3/user/usage_stats", "{}").data();
        assertThat(usage.path("summary").path("total_cost").decimalValue()).isEqualByComparingTo("0.049400");
        assertThat(usage.path("summary").path("total_requests").asInt()).isEqualTo(3);
        assertThat(usage.path("summary").path("success_requests").asInt()).isEqualTo(2);
        assertThat(usage.path("per_model_usage")).hasSize(2);
        assertThat(usage.path("daily_usage"))
                .extracting(day -> day.path("count").asInt())
                .containsExactly(2, 1);
        assertThat(usage.path("daily_usage").path(0).path("models"))
                .isEqualTo(TestClient.read("[\"" + TestClient.MUSIC + "\"]"));
        assertThat(usage.path("daily_usage").path(1).path("models"))
                .isEqualTo(TestClient.read("[\"" + TestClient.ACE_STEP + "\"]"));
    }

    private JsonNode search(String body) {
        TestClient.Answer answer = client.post("/api/v3/billings/search", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.data();
    }

    private void order(String faults) {
        TestClient.Answer answer = client.order(faults.replace('\'', '"'));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }
}
