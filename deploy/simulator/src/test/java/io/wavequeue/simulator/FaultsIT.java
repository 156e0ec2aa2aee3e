package io.wavequeue.simulator;

import static io.wavequeue.simulator.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.TestClient.Answer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FaultsIT {
    private final Simulator simulator = Simulator.start(SimulatorConfig.defaults());
    private final TestClient client = new TestClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    @Nested
    final class BeforeAcceptance {
        @ParameterizedTest
        @ValueSource(ints = {400, 401, 403, 429, 500, 502, 503, 504})
        void shouldRefuseWithoutCharge(int status) {
            order("{'phase':'before_accept','action':'status','status':%d}".formatted(status));
            assertThat(client.submitSong().status()).isEqualTo(status);
            assertThat(simulator.totals().accepted()).isZero();
            assertThat(client.submitSong().status()).isEqualTo(200);
            assertThat(simulator.stats().submits429()).isEqualTo(status == 429 ? 1 : 0);
        }

        @ParameterizedTest
        @ValueSource(strings = {"reset", "drop"})
        void shouldLoseTheConnectionWithoutCharge(String action) {
            order("{'phase':'before_accept','action':'%s'}".formatted(action));
            assertThatThrownBy(() -> client.tryPost("/api/v3/" + TestClient.MUSIC, TestClient.SONG))
                    .isInstanceOf(IOException.class);
            assertThat(simulator.totals().accepted()).isZero();
            assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
        }

        @Test
        void shouldAnswer429WithAndWithoutRetryAfter() {
            order("[{'phase':'before_accept','action':'status','status':429,'retry_after':7},"
                    + "{'phase':'before_accept','action':'status','status':429}]");
            assertThat(client.submitSong().response().headers().firstValue("Retry-After"))
                    .hasValue("7");
            assertThat(client.submitSong().response().headers().firstValue("Retry-After"))
                    .isEmpty();
            assertThat(client.submitSong().status()).isEqualTo(200);
        }

        @Test
        void shouldStrikeOnlyTheModelAndEndpointNamed() {
            order("[{'phase':'before_accept','action':'status','status':500,'model':'" + TestClient.ACE_STEP + "'},"
                    + "{'phase':'before_accept','action':'status','status':503,'endpoint':'history','times':2}]");
            assertThat(client.submitSong().status()).isEqualTo(200);
            assertThat(client.history("{\"page\":1,\"page_size\":20}").status()).isEqualTo(503);
            assertThat(client.history("{\"page\":1,\"page_size\":20}").status()).isEqualTo(503);
            assertThat(client.history("{\"page\":1,\"page_size\":20}").status()).isEqualTo(200);
            assertThat(client.submit(TestClient.ACE_STEP, "{}").status()).isEqualTo(500);
        }
    }

    @Nested
    final class AfterAcceptance {
        @ParameterizedTest
        @ValueSource(strings = {"reset", "drop", "cut"})
        void shouldChargeAndLoseTheAnswer(String action) {
            order("{'phase':'after_accept','action':'%s'}".formatted(action));
            assertThatThrownBy(() -> client.tryPost("/api/v3/" + TestClient.MUSIC, TestClient.SONG))
                    .isInstanceOf(IOException.class);
            assertThat(simulator.totals().accepted()).isEqualTo(1);
        }

        @Test
        void shouldChargeAndAnswerNonsense() {
            order("[{'phase':'after_accept','action':'status','status':502,'body':'html'},"
                    + "{'phase':'after_accept','action':'empty'},"
                    + "{'phase':'after_accept','action':'html'},"
                    + "{'phase':'after_accept','action':'cut_json'},"
                    + "{'phase':'after_accept','action':'null_data'},"
                    + "{'phase':'after_accept','action':'envelope','code':500},"
                    + "{'phase':'after_accept','action':'envelope','code':500,'with_data':true}]");
            assertThat(client.submitSong().status()).isEqualTo(502);
            Answer empty = client.submitSong();
            assertThat(empty.status()).isEqualTo(200);
            assertThat(empty.text()).isEmpty();
            assertThat(client.submitSong().text()).startsWith("<html>");
            Answer cut = client.submitSong();
            assertThat(cut.text()).startsWith("{\"code\":200");
            assertThatThrownBy(cut::json).hasMessageContaining("end-of-input");
            assertThat(client.submitSong().text()).isEqualTo("{\"code\":200,\"message\":\"success\",\"data\":null}");
            JsonNode envelope = client.submitSong().json();
            assertThat(envelope.path("code").asInt()).isEqualTo(500);
            assertThat(envelope.path("data").isNull()).isTrue();
            assertThat(client.submitSong().id()).hasSize(32);
            assertThat(simulator.totals().accepted()).isEqualTo(7);
            assertThat(simulator.totals().chargedUsd()).hasToString("0.151900");
        }

        @Test
        void shouldHoldTheAnswerBack() {
            order("{'phase':'after_accept','action':'delay','delay_ms':120}");
            long before = System.nanoTime();
            assertThat(client.submitSong().status()).isEqualTo(200);
            assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(119_000_000);
        }

        @Test
        void shouldHoldTheAnswerBackUntilItIsReleased() {
            order("{'phase':'after_accept','action':'drop','hold':true}");
            CompletableFuture<HttpResponse<byte[]>> answer =
                    client.sendAsync(client.request("/api/v3/" + TestClient.MUSIC)
                            .POST(BodyPublishers.ofString(TestClient.SONG))
                            .build());
            await().until(() -> simulator.totals().accepted() == 1);
            assertThat(answer).isNotDone();

            assertThat(client.post("/admin/release", "").json().path("released").asInt())
                    .isEqualTo(1);

            assertThat(answer)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withCauseInstanceOf(IOException.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {"release", "clear", "reset"})
        void shouldHandleWhatWasHeldBackBeforeIt(String way) {
            order("{'phase':'before_accept','action':'delay','hold':true,'endpoint':'balance'}");
            CompletableFuture<HttpResponse<byte[]>> answer =
                    client.sendAsync(client.request("/api/v3/balance").build());
            await().until(() -> simulator.faults().getFirst().struck() == 1);
            assertThat(answer).isNotDone();

            switch (way) {
                case "release" -> simulator.release();
                case "clear" -> simulator.clearFaults();
                default -> simulator.reset();
            }

            assertThat(answer)
                    .succeedsWithin(Duration.ofSeconds(20))
                    .extracting(HttpResponse::statusCode)
                    .isEqualTo(200);
        }

        @Test
        void shouldNotStrikeWhatWasRefused() {
            order("{'phase':'after_accept','action':'drop'}");
            assertThat(client.submit(TestClient.MUSIC, "{}").status()).isEqualTo(400);
            assertThat(simulator.faults().getFirst().struck()).isZero();
        }
    }

    @Nested
    final class Predictions {
        @ParameterizedTest
        @ValueSource(ints = {1200, 1400, 1401, 1402, 1403, 1405, 5000, 5003, 5004})
        void shouldFailWithTheCode(int code) {
            order("{'phase':'prediction','action':'fail','code':%d}".formatted(code));
            JsonNode failed = client.result(client.submitSong().id()).data();
            assertThat(failed.path("status").asText()).isEqualTo("failed");
            assertThat(failed.path("code").asInt()).isEqualTo(code);
            assertThat(failed.path("error").asText()).isNotEmpty();
            assertThat(failed.path("outputs")).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"cancelled", "timeout", "deleted"})
        void shouldEndOtherwise(String status) {
            order("{'phase':'prediction','action':'end','value':'%s'}".formatted(status));
            assertThat(client.result(client.submitSong().id())
                            .data()
                            .path("status")
                            .asText())
                    .isEqualTo(status);
        }

        @Test
        void shouldStayInProcessing() {
            order("[{'phase':'prediction','action':'stuck'},{'phase':'prediction','action':'last','ms':99000}]");
            for (int i = 0; i < 2; i++) {
                assertThat(client.result(client.submitSong().id())
                                .data()
                                .path("status")
                                .asText())
                        .isEqualTo("processing");
            }
        }

        @Test
        void shouldFollowFromSeedAndBodyWhenDrawn() {
            order("{'phase':'prediction','action':'fail','rate':0.5}");
            String first = statuses(client);
            try (Simulator again = Simulator.start(SimulatorConfig.defaults());
                    TestClient other = new TestClient(again)) {
                other.order("{\"phase\":\"prediction\",\"action\":\"fail\",\"rate\":0.5}");
                assertThat(statuses(other)).isEqualTo(first).contains("failed").contains("completed");
            }
        }

        private String statuses(TestClient of) {
            StringBuilder statuses = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                statuses.append(status(of, i));
            }
            return statuses.toString();
        }

        private String status(TestClient of, int number) {
            String id = of.submit(TestClient.MUSIC, "{\"prompt\":\"" + number + "\"}")
                    .id();
            return of.result(id).data().path("status").asText() + " ";
        }
    }

    @Nested
    final class Polls {
        @Test
        void shouldNotFindANewPredictionAtFirst() {
            order("{'phase':'poll','action':'status','status':404,'first':true,'repeat':2}");
            String id = client.submitSong().id();
            assertThat(client.result(id).status()).isEqualTo(404);
            assertThat(client.result(id).status()).isEqualTo(404);
            assertThat(client.result(id).data().path("status").asText()).isEqualTo("completed");
        }

        @Test
        void shouldShowAnUnknownStatusForSomePolls() {
            order("{'phase':'poll','action':'show_status','value':'queued','repeat':2}");
            String id = client.submitSong().id();
            JsonNode queued = client.result(id).data();
            assertThat(queued.path("status").asText()).isEqualTo("queued");
            assertThat(queued.path("outputs")).isEmpty();
            assertThat(client.result(id).data().path("status").asText()).isEqualTo("queued");
            assertThat(client.result(id).data().path("status").asText()).isEqualTo("completed");
        }

        @Test
        void shouldBreakSomePolls() {
            order("[{'phase':'poll','action':'status','status':502,'times':2},{'phase':'poll','action':'drop'}]");
            String id = client.submitSong().id();
            assertThat(client.result(id).status()).isEqualTo(502);
            assertThat(client.result(id).status()).isEqualTo(502);
            // java.net.http sends a GET again when its connection is dropped
            assertThat(client.result(id).status()).isEqualTo(200);
            assertThat(simulator.faults().getLast().struck()).isEqualTo(1);
            assertThat(simulator.stats().requests()).containsEntry("result", 4L);
        }
    }

    @Nested
    final class Downloads {
        @Test
        void shouldCutAndRefuse() {
            order(
                    "[{'phase':'download','action':'cut','bytes':100},{'phase':'download','action':'status','status':503,'times':2}]");
            String path = "/outputs/" + client.submitSong().id() + ".mp3";
            assertThatThrownBy(() -> client.tryGet(path)).isInstanceOf(IOException.class);
            assertThat(client.get(path).status()).isEqualTo(503);
            assertThat(client.get(path).status()).isEqualTo(503);
            assertThat(client.get(path).status()).isEqualTo(200);
        }
    }

    @Nested
    final class Edges {
        @Test
        void shouldShortenNothingToMoreThanItIs() {
            String path = "/outputs/" + client.submitSong().id() + ".mp3";
            String whole = client.get(path).text();
            order("{'phase':'download','action':'shorten','bytes':100000000}");
            assertThat(client.get(path).text()).isEqualTo(whole);
        }

        @Test
        void shouldAnswerWhenAFaultDoesNotFitTheAnswer() {
            order("{'phase':'download','action':'envelope'}");
            assertThat(client.get("/outputs/" + client.submitSong().id() + ".mp3")
                            .status())
                    .isEqualTo(500);
        }

        @Test
        void shouldSpoilAnswersWithoutTheEnvelopeToo() {
            simulator.set("envelope", "bare");
            order("[{'phase':'poll','action':'show_status','value':'queued'},{'phase':'poll','action':'null_data'},"
                    + "{'phase':'poll','action':'shorten','bytes':5},{'phase':'poll','action':'envelope','code':500}]");
            String id = client.submitSong().json().path("id").asText();
            assertThat(client.result(id).json().path("status").asText()).isEqualTo("queued");
            assertThat(client.result(id).text()).isEqualTo("null");
            assertThat(client.result(id).text()).isEqualTo("{\"id\"");
            assertThat(client.result(id).json().path("code").asInt()).isEqualTo(500);
            assertThat(client.result(id).json().path("status").asText()).isEqualTo("completed");
        }
    }

    @Nested
    final class Orders {
        @Test
        void shouldListAndClear() {
            order("{'phase':'poll','action':'status','status':500,'times':3,'model':'" + TestClient.MUSIC + "'}");
            client.result(client.submitSong().id());
            JsonNode listed = client.get("/admin/faults").json().path("faults").path(0);
            assertThat(listed.path("struck").asInt()).isEqualTo(1);
            assertThat(listed.path("left").asInt()).isEqualTo(2);
            HttpRequest delete = client.request("/admin/faults").DELETE().build();
            assertThat(client.send(delete).json().path("faults")).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{}",
                    "[1]",
                    "x",
                    "{'phase':'poll'}",
                    "{'phase':'never','action':'drop'}",
                    "{'phase':'poll','action':'fail'}",
                    "{'phase':'prediction','action':'drop'}",
                    "{'phase':'poll','action':'drop','rate':2}",
                    "{'phase':'poll','action':'shorten','bytes':-1}",
                    "{'phase':'poll','action':'pad','bytes':-1}",
                    "{'phase':'poll','action':'pad','bytes':67108865}",
                    "{'phase':'poll','action':'type','value':'a\\nb'}",
                    "{'phase':'poll','action':'status','location':'/a\\r\\nb: c'}",
                    "{'phase':'charge','action':'price','factor':1e999999}",
                    "{'phase':'poll','action':'drop','times':0}",
                    "{'phase':'webhook','action':'delay','hold':true}",
                    "{'phase':'poll','action':'drop','tims':1}",
                    "{'phase':'poll','action':'drop','endpoint':'x'}",
                    "[{'phase':'poll','action':'drop'},{'phase':'prediction','action':'end','value':'x'}]"
                })
        void shouldRefuseWhatItCannotDo(String rule) {
            Answer refused = client.order(rule.replace('\'', '"'));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.json().path("message").asText()).isNotEmpty();
            assertThat(simulator.faults()).isEmpty();
        }
    }

    private void order(String rules) {
        assertThat(client.order(rules.replace('\'', '"')).status()).isEqualTo(200);
    }
}
