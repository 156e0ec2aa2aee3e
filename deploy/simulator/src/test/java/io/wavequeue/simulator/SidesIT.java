package io.wavequeue.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.TestClient.Answer;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each side of what the public pages contradict each other about. */
final class SidesIT {
    private final Simulator simulator = Simulator.start(SimulatorConfig.defaults());
    private final TestClient client = new TestClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    @Nested
    final class Predictions {
        @ParameterizedTest
        @CsvSource({"created,created", "processing,processing", "pending,pending", "queued,queued", "current,completed"
        })
        void shouldShowTheStatusAskedForAtSubmit(String setting, String shown) {
            simulator.set("submit_status", setting);
            Answer submitted = client.submitSong();
            assertThat(submitted.data().path("status").asText()).isEqualTo(shown);
            assertThat(submitted.data().path("outputs")).hasSize(setting.equals("current") ? 1 : 0);
        }

        @Test
        void shouldCarryOnlyWhatNoClientCanDoWithout() {
            simulator.set("fields", "few");
            Answer submitted = client.submitSong();
            assertThat(submitted.data().properties())
                    .extracting(java.util.Map.Entry::getKey)
                    .containsExactlyInAnyOrder("id", "status");
            assertThat(client.result(submitted.id()).data().properties())
                    .extracting(java.util.Map.Entry::getKey)
                    .containsExactlyInAnyOrder("id", "status", "outputs");
        }

        @ParameterizedTest
        @CsvSource({"hex,[0-9a-f]{32}", "pred,pred_[0-9a-f]{32}", "task,task-[0-9a-f]{32}"})
        void shouldStyleIdsAndFindThemAgain(String setting, String pattern) {
            simulator.set("id_style", setting);
            String id = client.submitSong().id();
            assertThat(id).matches(pattern);
            JsonNode result = client.result(id).data();
            assertThat(result.path("status").asText()).isEqualTo("completed");
            assertThat(client.get(result.path("outputs").path(0).asText()).status())
                    .isEqualTo(200);
        }

        @ParameterizedTest
        @CsvSource({"result,/result", "bare,", "none,"})
        void shouldEndThePollUrl(String setting, String end) {
            simulator.set("poll_url", setting);
            Answer submitted = client.submitSong();
            String url = submitted.data().path("urls").path("get").asText();
            if (setting.equals("none")) {
                assertThat(submitted.data().has("urls")).isFalse();
            } else {
                assertThat(url).endsWith(submitted.id() + (end == null ? "" : end));
                assertThat(client.get(url.substring(simulator.baseUrl().length()))
                                .status())
                        .isEqualTo(200);
            }
        }

        @ParameterizedTest
        @CsvSource({"micros,\\.\\d{6}Z", "millis,\\.\\d{3}Z", "nanos,\\.\\d{9}Z", "none,:\\d\\dZ"})
        void shouldWriteTimesWithAFraction(String setting, String end) {
            simulator.set("time_fraction", setting);
            String time = client.submitSong().data().path("created_at").asText();
            assertThat(time).containsPattern(setting.equals("micros") ? "(\\.\\d+)?Z$" : end + "$");
        }

        @Test
        void shouldShowNsfwAsNullOrNotAtAll() {
            simulator.set("nsfw", "null");
            assertThat(client.submitSong().data().get("has_nsfw_contents").isNull())
                    .isTrue();
            simulator.set("nsfw", "absent");
            assertThat(client.submitSong().data().has("has_nsfw_contents")).isFalse();
        }

        @Test
        void shouldAnswerWithoutTheEnvelope() {
            simulator.set("envelope", "bare");
            JsonNode submitted = client.submitSong().json();
            assertThat(submitted.path("id").asText()).hasSize(32);
            assertThat(client.result(submitted.path("id").asText())
                            .json()
                            .path("status")
                            .asText())
                    .isEqualTo("completed");
        }

        @Test
        void shouldCarryTheInputInResults() {
            simulator.set("result_input", "true");
            assertThat(client.result(client.submitSong().id()).data().path("input"))
                    .isEqualTo(TestClient.read(TestClient.SONG));
        }
    }

    @Nested
    final class History {
        @Test
        void shouldNameTheInputOtherwiseOrLeaveItOut() {
            client.submitSong();
            simulator.set("history_input_name", "inputs");
            JsonNode named = client.history("{\"page\":1,\"page_size\":20}")
                    .data()
                    .path("items")
                    .path(0);
            assertThat(named.path("inputs")).isEqualTo(TestClient.read(TestClient.SONG));
            assertThat(named.has("input")).isFalse();
            simulator.set("history_input", "false");
            JsonNode bare = client.history("{\"page\":1,\"page_size\":20}")
                    .data()
                    .path("items")
                    .path(0);
            assertThat(bare.has("inputs") || bare.has("input")).isFalse();
        }

        @ParameterizedTest
        @CsvSource({"empty,200", "400,400"})
        void shouldAnswerAnUnknownStatusFilter(String setting, int status) {
            simulator.set("history_unknown_status", setting);
            Answer answer = client.history("{\"page\":1,\"page_size\":20,\"status\":\"lost\"}");
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.data().path("items")).isEmpty();
        }

        @Test
        void shouldServePagesOfItsOwnSize() {
            for (int i = 0; i < 5; i++) {
                client.submitSong();
            }
            simulator.set("history_page_size", "2");
            assertThat(client.history("{\"page\":1,\"page_size\":100}").data().path("items"))
                    .hasSize(2);
            assertThat(client.history("{\"page\":3,\"page_size\":100}").data().path("items"))
                    .hasSize(1);
            simulator.set("history_page_size", "300");
            assertThat(client.history("{\"page\":1,\"page_size\":1}").data().path("items"))
                    .hasSize(5);
        }

        @Test
        void shouldOmitOneOrShowItLate() {
            client.order("[{\"phase\":\"history\",\"action\":\"omit\"},"
                    + "{\"phase\":\"history\",\"action\":\"delay\",\"delay_ms\":60000}]");
            String omitted = client.submitSong().id();
            String late = client.submitSong().id();
            assertThat(client.history("{\"page\":1,\"page_size\":20}").data().path("items"))
                    .isEmpty();
            simulator.turnClock(Duration.ofSeconds(60));
            assertThat(client.history("{\"page\":1,\"page_size\":20}").data().path("items"))
                    .extracting(item -> item.path("id").asText())
                    .containsExactly(late);
            assertThat(client.result(omitted).status()).isEqualTo(200);
        }
    }

    @Nested
    final class Deleting {
        @Test
        void shouldDeleteWhatItKnowsAndSkipTheRest() {
            String id = client.submitSong().id();
            Answer answer = client.post("/api/v3/predictions/delete", "{\"ids\":[\"" + id + "\",\"unknown\"]}");
            assertThat(answer.data().path("deleted_count").asInt()).isEqualTo(1);
            assertThat(client.result(id).status()).isEqualTo(404);
            assertThat(client.get("/outputs/" + id + ".mp3").status()).isEqualTo(404);
            assertThat(client.history("{\"page\":1,\"page_size\":20}").data().path("items"))
                    .isEmpty();
            simulator.set("deleted", "status");
            assertThat(client.result(id).data().path("status").asText()).isEqualTo("deleted");
            assertThat(client.post("/api/v3/predictions/delete", "{\"ids\":7}").status())
                    .isEqualTo(400);
        }

        @ParameterizedTest
        @CsvSource({"0,0.000000", "50,0.010850", "100,0.021700"})
        void shouldGiveBackAShareOfWhatWasDeletedUnderWay(int percent, String refunded) {
            simulator.set("latency", "fixed:60000");
            simulator.set("refund_delay", "0");
            simulator.set("deleted_refund_percent", Integer.toString(percent));
            String id = client.submitSong().id();
            client.post("/api/v3/predictions/delete", "{\"ids\":[\"" + id + "\"]}");
            assertThat(simulator.stats().open()).isZero();
            assertThat(simulator.totals().refundedUsd()).hasToString(refunded);
        }
    }

    @Nested
    final class Money {
        @ParameterizedTest
        @CsvSource({"402,402,402", "1407,400,1407", "403,403,403", "message,400,400"})
        void shouldRefuseWithoutCover(String setting, int status, int code) {
            simulator.set("insufficient_balance", setting);
            simulator.set("balance", "0.02");
            Answer refused = client.submitSong();
            assertThat(refused.status()).isEqualTo(status);
            assertThat(refused.json().path("code").asInt()).isEqualTo(code);
            assertThat(refused.json().path("message").asText().toLowerCase(java.util.Locale.ROOT))
                    .contains("insufficient");
            assertThat(simulator.totals().accepted()).isZero();
        }

        @Test
        void shouldQuoteAndChargeDiscountedPrices() {
            simulator.set("discount_percent", "10");
            simulator.set("price_factor", "1," + TestClient.MUSIC + "=2");
            JsonNode quote = client.post(
                            "/api/v3/model/price",
                            "{\"model_id\":\"" + TestClient.MUSIC + "\",\"inputs\":" + TestClient.SONG + "}")
                    .data();
            assertThat(quote.path("price").decimalValue()).isEqualByComparingTo("0.043400");
            assertThat(quote.path("discounted_price").decimalValue()).isEqualByComparingTo("0.039060");
            assertThat(quote.path("discount_rate").asInt()).isEqualTo(10);
            client.submitSong();
            assertThat(simulator.totals().chargedUsd()).hasToString("0.039060");
        }

        @Test
        void shouldQuoteInTheOlderForm() {
            JsonNode quote = client.post("/api/v3/model/pricing", "{\"model_id\":\"" + TestClient.MUSIC + "\"}")
                    .data();
            assertThat(quote)
                    .isEqualTo(TestClient.read("{\"model_id\":\"" + TestClient.MUSIC
                            + "\",\"unit_price\":0.021700,\"currency\":\"USD\"}"));
        }

        @Test
        void shouldChargeByLengthOrInWholeSeconds() {
            simulator.set("flat_price", "scaled");
            client.submitSong();
            assertThat(simulator.totals().chargedUsd()).hasToString("0.002170");
            simulator.set("ace_step_rounding", "ceil");
            client.submit(
                    TestClient.ACE_STEP,
                    "{\"tags\":\"x\",\"audio\":\"https://a.example/x.mp3\",\"extend_after_duration\":4.1}");
            assertThat(simulator.totals().chargedUsd()).hasToString("0.003170");
        }
    }

    @Nested
    final class Limits {
        @Test
        void shouldCountEveryCallAgainstTheMinute() {
            simulator.set("submits_per_minute", "2");
            simulator.set("limit_counts", "all");
            String id = client.submitSong().id();
            assertThat(client.result(id).status()).isEqualTo(200);
            assertThat(client.result(id).status()).isEqualTo(429);
            assertThat(client.submitSong().status()).isEqualTo(429);
        }

        @Test
        void shouldRefuseWhatIsAboveTheNumberInFlight() {
            simulator.set("max_in_flight", "1");
            simulator.set("over_in_flight", "429");
            simulator.set("latency", "fixed:60000");
            assertThat(client.submitSong().status()).isEqualTo(200);
            assertThat(client.submitSong().status()).isEqualTo(429);
            simulator.turnClock(Duration.ofMinutes(1));
            assertThat(client.submitSong().status()).isEqualTo(200);
        }

        @Test
        void shouldRequireWhatOnePageCallsOptional() {
            simulator.set("ace_step_before", "required");
            String body = "{\"tags\":\"x\",\"audio\":\"https://a.example/x.mp3\"";
            assertThat(client.submit(TestClient.ACE_STEP, body + "}").status()).isEqualTo(400);
            assertThat(client.submit(TestClient.ACE_STEP, body + ",\"extend_before_duration\":0}")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Nested
    final class SyncMode {
        private static final String SYNC = "{\"prompt\":\"x\",\"duration\":2,\"enable_sync_mode\":true";

        @Test
        void shouldHoldTheSubmitUntilItIsDone() {
            simulator.set("latency", "fixed:100");
            JsonNode done = client.submit(TestClient.MUSIC, SYNC + "}").data();
            assertThat(done.path("status").asText()).isEqualTo("completed");
            assertThat(done.path("outputs")).hasSize(1);
        }

        @Test
        void shouldSayThatItTimedOutAndGoOn() {
            simulator.set("latency", "fixed:60000");
            simulator.set("sync_wait", "20ms");
            Answer answer = client.submit(TestClient.MUSIC, SYNC + "}");
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.data().path("status").asText()).isEqualTo("processing");
            assertThat(answer.data().path("code").asInt()).isEqualTo(5004);
            assertThat(answer.data().path("urls").path("get").asText()).contains(answer.id());
            simulator.turnClock(Duration.ofMinutes(1));
            assertThat(client.result(answer.id()).data().path("status").asText())
                    .isEqualTo("completed");
        }

        @Test
        void shouldLoseTheIdInTheGateway() {
            simulator.set("latency", "fixed:60000");
            simulator.set("sync_wait", "20ms");
            simulator.set("sync_end", "504");
            Answer answer = client.submit(TestClient.MUSIC, SYNC + "}");
            assertThat(answer.status()).isEqualTo(504);
            assertThat(answer.text()).startsWith("<html>");
            assertThat(simulator.totals().accepted()).isEqualTo(1);
        }

        @Test
        void shouldGiveTheFileItself() {
            String id = client.submit(
                            TestClient.MUSIC,
                            "{\"prompt\":\"x\",\"duration\":1,\"output_format\":\"wav\","
                                    + "\"enable_base64_output\":true}")
                    .id();
            String output = client.result(id).data().path("outputs").path(0).asText();
            assertThat(Base64.getDecoder().decode(output)).startsWith('R', 'I', 'F', 'F');
        }
    }

    @Nested
    final class OlderApi {
        @ParameterizedTest
        @ValueSource(
                strings = {"GET predictions?page=1", "GET account/balance", "GET account/billings", "GET account/usage"
                })
        void shouldAnswer404OrServeThem(String call) {
            client.submitSong();
            String path = "/api/v3/" + call.substring(4);
            assertThat(client.get(path).status()).isEqualTo(404);
            simulator.set("older_api", "true");
            Answer answer = client.get(path);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.data().properties()).isNotEmpty();
        }

        @Test
        void shouldDeleteOneAndTakeAWebhookInTheBody() {
            simulator.set("older_api", "true");
            try (Receiver receiver = new Receiver()) {
                String id = client.submit(
                                TestClient.MUSIC, "{\"prompt\":\"x\",\"webhook_url\":\"" + receiver.url("/") + "\"}")
                        .id();
                assertThat(receiver.take().json().path("id").asText()).isEqualTo(id);
                HttpRequest delete =
                        client.request("/api/v3/predictions/" + id).DELETE().build();
                assertThat(client.send(delete).data().path("status").asText()).isEqualTo("deleted");
                assertThat(client.send(delete).status()).isEqualTo(404);
            }
        }

        @ParameterizedTest
        @CsvSource({"media/upload/binary,download_url", "upload,url"})
        void shouldTakeMultipartUploads(String path, String urlName) {
            simulator.set("older_api", "true");
            String form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
                    + "Content-Type: audio/x-wav\r\n\r\nRIFF....\r\n--x--\r\n";
            Answer answer = client.send(client.request("/api/v3/" + path)
                    .header("Content-Type", "multipart/form-data; boundary=x")
                    .POST(HttpRequest.BodyPublishers.ofString(form))
                    .build());
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.data().path("size").asInt()).isEqualTo(8);
            assertThat(client.get(answer.data().path(urlName).asText()).text()).isEqualTo("RIFF....");
            assertThat(client.post("/api/v3/" + path, "no form").status()).isEqualTo(400);
            simulator.set("max_upload", "7");
            assertThat(client.send(client.request("/api/v3/" + path)
                                    .header("Content-Type", "multipart/form-data; boundary=x")
                                    .POST(HttpRequest.BodyPublishers.ofString(form))
                                    .build())
                            .status())
                    .isEqualTo(413);
        }
    }
}
