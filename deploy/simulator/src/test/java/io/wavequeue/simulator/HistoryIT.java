package io.wavequeue.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.TestClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HistoryIT {
    private final MovableClock clock = new MovableClock();
    private final Simulator simulator =
            Simulator.start(SimulatorConfig.defaults().withLatency("fixed:1500"), clock);
    private final TestClient client = new TestClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    @Test
    void shouldPageNewestFirst() {
        List<String> newestFirst = submit(5).reversed();
        List<String> listed = new ArrayList<>();
        for (int page = 1; page <= 4; page++) {
            JsonNode data = client.history("{\"page\":%d,\"page_size\":2}".formatted(page))
                    .data();
            assertThat(data.path("total").asInt()).isEqualTo(5);
            data.path("items").forEach(item -> listed.add(item.path("id").asText()));
        }
        assertThat(listed).isEqualTo(newestFirst);
    }

    @Test
    void shouldFilter() {
        List<String> ids = submit(4);
        String other = client.submit(TestClient.ACE_STEP, "{\"tags\":\"x\",\"audio\":\"https://a.example/x.mp3\"}")
                .id();
        assertThat(ids("{\"page\":1,\"page_size\":20,\"model\":\"" + TestClient.ACE_STEP + "\"}"))
                .containsExactly(other);
        assertThat(ids("{\"page\":1,\"page_size\":20,\"status\":\"processing\"}"))
                .containsExactly(other, ids.get(3));
        assertThat(
                        ids(
                                "{\"page\":1,\"page_size\":20,\"created_after\":\"2026-11-20T12:00:01Z\",\"created_before\":\"2026-11-20T13:00:02+01:00\"}"))
                .containsExactly(ids.get(2), ids.get(1));
        assertThat(ids("{\"page\":1,\"page_size\":20,\"status\":\"nonsense\"}")).isEmpty();
    }

    @Test
    void shouldCarryInputAndTotalOnlyWhenToldSo() {
        submit(1);
        assertThat(client.history("{\"page\":1,\"page_size\":20}")
                        .data()
                        .path("items")
                        .path(0)
                        .path("input"))
                .isEqualTo(TestClient.read(TestClient.SONG));
        simulator.set("history_input", "false");
        simulator.set("history_total", "false");
        JsonNode data = client.history("{\"page\":1,\"page_size\":20}").data();
        assertThat(data.has("total")).isFalse();
        assertThat(data.path("items").path(0).has("input")).isFalse();
    }

    @Test
    void shouldShowANewOneOnlyAfterTheLag() {
        simulator.set("history_lag", "30s");
        String id = client.submitSong().id();
        clock.advance(Duration.ofSeconds(29));
        assertThat(ids("{\"page\":1,\"page_size\":20}")).isEmpty();
        assertThat(client.result(id).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        assertThat(ids("{\"page\":1,\"page_size\":20}")).containsExactly(id);
    }

    @Test
    void shouldReachSevenDaysBack() {
        submit(2);
        clock.advance(Duration.ofDays(7).minusMillis(1_500));
        assertThat(ids("{\"page\":1,\"page_size\":20}")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"page\":0,\"page_size\":5}",
                "{\"page\":\"1\",\"page_size\":5}",
                "{\"page\":1}",
                "{\"page\":1,\"page_size\":0}",
                "{\"page\":1,\"page_size\":101}",
                "{\"page\":1,\"page_size\":20,\"created_after\":\"yesterday\"}",
                "{\"page\":1,\"page_size\":20,\"model\":7}"
            })
    void shouldRefuseWhatItCannotRead(String query) {
        Answer refused = client.history(query);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("message").asText()).contains("must be");
    }

    /** One a second. */
    private List<String> submit(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(client.submitSong().id());
            clock.advance(Duration.ofSeconds(1));
        }
        return ids;
    }

    private List<String> ids(String query) {
        List<String> ids = new ArrayList<>();
        client.history(query)
                .data()
                .path("items")
                .forEach(item -> ids.add(item.path("id").asText()));
        return ids;
    }
}
