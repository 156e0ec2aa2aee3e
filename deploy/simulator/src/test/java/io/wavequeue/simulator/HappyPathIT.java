package io.wavequeue.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.TestClient.Answer;
import io.wavequeue.simulator.audio.AudioParser;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HappyPathIT {
    private static final String SOURCE = "\"audio\":\"https://a.example/x.mp3\"";

    private final MovableClock clock = new MovableClock();
    private final Simulator simulator =
            Simulator.start(SimulatorConfig.defaults().withLatency("fixed:1000"), clock);
    private final TestClient client = new TestClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "stability-ai/stable-audio-3/audio-outpainting | 0.044600 | mp3",
                "stability-ai/stable-audio-3/audio-inpainting | 0.044200 | mp3",
                "stability-ai/stable-audio-3/audio-to-audio | 0.024000 | mp3",
                "stability-ai/stable-audio-3/music | 0.021700 | mp3",
                "wavespeed-ai/ace-step/audio-outpaint | 0.006000 | mp3",
            })
    void shouldGoFromCreatedToAFileForEveryModel(String model, String price, String extension) {
        Answer accepted = client.submit(
                model + "?webhook=https%3A%2F%2Fa.example", "{\"prompt\":\"x\",\"tags\":\"x\"," + SOURCE + "}");
        assertThat(accepted.status()).isEqualTo(200);
        String id = accepted.id();
        String get = simulator.baseUrl() + "/api/v3/predictions/" + id + "/result";
        assertThat(accepted.json()).isEqualTo(TestClient.read("""
                {"code":200,"message":"success","data":{"id":"%s","model":"%s","outputs":[],"urls":{"get":"%s"},
                 "has_nsfw_contents":[],"status":"created","created_at":"2026-11-20T12:00:00Z","error":"",
                 "executionTime":0,"timings":{"inference":0}}}""".formatted(id, model, get)));

        clock.advance(Duration.ofMillis(999));
        assertThat(client.result(id).data().path("status").asText()).isEqualTo("processing");
        clock.advance(Duration.ofMillis(1));
        JsonNode done = client.get("/api/v3/predictions/" + id).data();
        assertThat(done).isEqualTo(client.result(id).data());
        assertThat(done.path("status").asText()).isEqualTo("completed");
        assertThat(done.path("timings").path("inference").asInt()).isEqualTo(1_000);

        String output = done.path("outputs").path(0).asText();
        assertThat(output).isEqualTo(simulator.baseUrl() + "/outputs/" + id + "." + extension);
        Answer file = client.get(output);
        assertThat(file.response().headers().firstValue("Content-Type")).hasValue("audio/mpeg");
        assertThat(file.response().headers().firstValueAsLong("Content-Length"))
                .hasValue(file.response().body().length);
        assertThat(simulator.ledger().entries().getFirst().priceUsd()).hasToString(price);
    }

    @ParameterizedTest
    @CsvSource({
        "mp3,audio/mpeg",
        "wav,audio/wav",
        "flac,audio/flac",
        "ogg,audio/ogg",
        "opus,audio/ogg; codecs=opus",
        "m4a,audio/mp4",
        "aac,audio/aac"
    })
    void shouldServeEveryFormat(String format, String contentType) {
        Answer file =
                finished(TestClient.MUSIC, "{\"prompt\":\"x\",\"duration\":2.5,\"output_format\":\"" + format + "\"}");
        byte[] bytes = file.response().body();
        assertThat(file.response().headers().firstValue("Content-Type")).hasValue(contentType);
        if (format.equals("wav")) {
            assertThat(AudioParser.wav(bytes).seconds()).isEqualTo(2.5);
        } else if (format.equals("flac")) {
            assertThat(AudioParser.flac(bytes).seconds()).isEqualTo(2.5);
        } else {
            assertThat(bytes).hasSizeGreaterThan(5_000);
        }
    }

    @Test
    void shouldUseAnUploadsLengthWhenItIsTheSource() {
        byte[] source = finished(TestClient.MUSIC, "{\"prompt\":\"x\",\"duration\":4,\"output_format\":\"wav\"}")
                .response()
                .body();
        String url = upload("my loop.wav", "audio/x-wav", source);
        assertThat(client.get(url).response().body()).isEqualTo(source);

        Answer extended = finished(
                "stability-ai/stable-audio-3/audio-outpainting",
                "{\"prompt\":\"x\",\"extend_seconds_before\":1.5,\"output_format\":\"flac\",\"audio\":\"" + url
                        + "\"}");
        assertThat(AudioParser.flac(extended.response().body()).seconds()).isEqualTo(1.5 + 4 + 5);
        Answer patched = finished(
                "stability-ai/stable-audio-3/audio-inpainting",
                "{\"prompt\":\"x\",\"output_format\":\"wav\",\"audio\":\"" + url + "\"}");
        assertThat(AudioParser.wav(patched.response().body()).seconds()).isEqualTo(4);

        String ace = "{\"tags\":\"x\",\"extend_after_duration\":10,\"audio\":\"" + url + "\"}";
        assertThat(quote(ace)).isEqualByComparingTo("0.002000");
        simulator.set("ace_step_basis", "output");
        assertThat(quote(ace)).isEqualByComparingTo("0.002800");
        assertThat(client.submit(TestClient.ACE_STEP, ace).status()).isEqualTo(200);
        assertThat(simulator.ledger().entries().getLast().priceUsd()).hasToString("0.002800");
    }

    @Test
    void shouldRefuseAnUploadThatDoesNotKeepToItsTicket() {
        JsonNode ticket = ticket("a.wav", "audio/x-wav", 3);
        URI url = URI.create(ticket.path("upload").path("url").asText());
        assertThat(put(url, "audio/x-wav", "abc", false)).isEqualTo(403);
        assertThat(put(url, "text/plain", "abc", true)).isEqualTo(403);
        assertThat(put(url, "audio/x-wav", "abcd", true)).isEqualTo(400);
        assertThat(client.get(url.toString()).status()).isEqualTo(404);
        assertThat(put(url, "audio/x-wav", "abc", true)).isEqualTo(200);
        assertThat(put(url, "audio/x-wav", "abc", true)).isEqualTo(412);
        assertThat(client.post("/api/v3/media/uploads", "{\"filename\":\"a\",\"size\":999999999}")
                        .status())
                .isEqualTo(413);
    }

    @Test
    void shouldListModelsAndBalanceAndQuotes() {
        client.submitSong();
        assertThat(client.get("/api/v3/balance").data()).isEqualTo(TestClient.read("{\"balance\":999.978300}"));
        JsonNode models = client.get("/api/v3/models").data();
        assertThat(models).hasSize(5);
        JsonNode schema = models.path(0).path("api_schema").path("api_schemas").path(0);
        assertThat(schema.path("type").asText()).isEqualTo("model_run");
        assertThat(schema.path("request_schema").path("properties").has("audio"))
                .isTrue();
        assertThat(client.post("/api/v3/model/price", "{\"model_id\":\"" + TestClient.MUSIC + "\",\"inputs\":{}}")
                        .data())
                .isEqualTo(
                        TestClient.read(
                                "{\"model_id\":\"" + TestClient.MUSIC
                                        + "\",\"price\":0.021700,\"discounted_price\":0.021700,\"discount_rate\":0,\"currency\":\"USD\"}"));
    }

    @Test
    void shouldAnswer404WhenNothingIsThere() {
        assertThat(client.submit("stability-ai/none", "{}").status()).isEqualTo(404);
        Answer unknown = client.result("0123456789abcdef0123456789abcdef");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.text()).isEqualTo("{\"code\":404,\"message\":\"Prediction not found\"}");
        assertThat(client.get("/outputs/x.mp3").status()).isEqualTo(404);
        assertThat(client.get("/api/v3/account/balance").status()).isEqualTo(404);
    }

    @Test
    void shouldForgetAfterSevenDays() {
        String id = client.submitSong().id();
        clock.advance(Duration.ofDays(7));
        assertThat(client.result(id).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(1));
        assertThat(client.result(id).status()).isEqualTo(404);
        assertThat(client.get("/outputs/" + id + ".mp3").status()).isEqualTo(404);
        assertThat(simulator.ledger().entries()).hasSize(1);
    }

    @Test
    void shouldChargeAndThenFailWhenTheSourceCannotBeReached() {
        String id = client.submit(
                        "stability-ai/stable-audio-3/audio-to-audio",
                        "{\"prompt\":\"x\",\"audio\":\"https://clips.example.invalid/x.mp3\"}")
                .id();
        clock.advance(Duration.ofSeconds(1));
        JsonNode failed = client.result(id).data();
        assertThat(failed.path("status").asText()).isEqualTo("failed");
        assertThat(failed.path("code").asInt()).isEqualTo(1402);
        assertThat(failed.path("error").asText()).contains("clips.example.invalid");
        assertThat(simulator.totals().chargedUsd()).hasToString("0.024000");
    }

    private BigDecimal quote(String inputs) {
        return client.post(
                        "/api/v3/model/price",
                        "{\"model_id\":\"" + TestClient.ACE_STEP + "\",\"inputs\":" + inputs + "}")
                .data()
                .path("price")
                .decimalValue();
    }

    private Answer finished(String model, String body) {
        String id = client.submit(model, body).id();
        clock.advance(Duration.ofSeconds(1));
        return client.get(client.result(id).data().path("outputs").path(0).asText());
    }

    private JsonNode ticket(String name, String type, int size) {
        return client.post(
                        "/api/v3/media/uploads",
                        "{\"filename\":\"%s\",\"size\":%d,\"content_type\":\"%s\"}".formatted(name, size, type))
                .data();
    }

    private String upload(String name, String type, byte[] bytes) {
        JsonNode ticket = ticket(name, type, bytes.length);
        HttpRequest.Builder put = HttpRequest.newBuilder(
                        URI.create(ticket.path("upload").path("url").asText()))
                .PUT(BodyPublishers.ofByteArray(bytes));
        ticket.path("upload")
                .path("headers")
                .properties()
                .forEach(header -> put.header(header.getKey(), header.getValue().asText()));
        assertThat(client.send(put.build()).status()).isEqualTo(200);
        return ticket.path("download_url").asText();
    }

    private int put(URI url, String type, String body, boolean withCondition) {
        HttpRequest.Builder put =
                HttpRequest.newBuilder(url).PUT(BodyPublishers.ofString(body)).header("Content-Type", type);
        return client.send((withCondition ? put.header("If-None-Match", "*") : put).build())
                .status();
    }
}
