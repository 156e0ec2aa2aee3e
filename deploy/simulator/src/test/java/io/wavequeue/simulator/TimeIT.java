package io.wavequeue.simulator;

import static io.wavequeue.simulator.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.simulator.TestClient.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock that can be turned, what expires by it, outages, and what follows from the seed. */
final class TimeIT {
    private final Simulator simulator = Simulator.start(SimulatorConfig.defaults());
    private final TestClient client = new TestClient(simulator);

    @AfterEach
    void close() {
        client.close();
        simulator.close();
    }

    @Test
    void shouldForgetPredictionsOutputsAndUploadsAfterSevenDays() {
        String id = client.submitSong().id();
        String output = client.result(id).data().path("outputs").path(0).asText();
        String upload = client.upload("a.mp3", "12345");
        assertThat(turn("167h").status()).isEqualTo(200);
        assertThat(client.result(id).status()).isEqualTo(200);
        assertThat(client.get(output).status()).isEqualTo(200);
        assertThat(client.get(upload).text()).isEqualTo("12345");
        assertThat(client.history("{\"page\":1,\"page_size\":20}").data().path("items"))
                .hasSize(1);
        turn("2h");
        assertThat(client.result(id).status()).isEqualTo(404);
        assertThat(client.get(output).status()).isEqualTo(404);
        assertThat(client.get(upload).status()).isEqualTo(404);
        assertThat(client.history("{\"page\":1,\"page_size\":20}").data().path("items"))
                .isEmpty();
        assertThat(client.post("/api/v3/billings/search", "{}").data().path("items"))
                .hasSize(1);
    }

    @Test
    void shouldTellTheTurnedTimeInEveryAnswer() {
        turn("3d");
        String date = client.get("/api/v3/balance")
                .response()
                .headers()
                .firstValue("Date")
                .orElseThrow();
        Instant told =
                OffsetDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        assertThat(told).isAfter(Instant.now().plus(Duration.ofHours(71)));
        assertThat(client.post("/admin/clock", "{\"advance\":\"yesterday\"}").status())
                .isEqualTo(400);
    }

    @Test
    void shouldStayTurnedAfterARestart(@TempDir Path folder) {
        SimulatorConfig config = SimulatorConfig.defaults().withData(folder);
        String id;
        try (Simulator first = Simulator.start(config);
                TestClient user = new TestClient(first)) {
            first.turnClock(Duration.ofDays(30));
            id = user.submitSong().id();
        }
        try (Simulator second = Simulator.start(config);
                TestClient user = new TestClient(second)) {
            assertThat(user.result(id).status()).isEqualTo(200);
            second.turnClock(Duration.ofDays(8));
            assertThat(user.result(id).status()).isEqualTo(404);
        }
    }

    @Test
    void shouldRefuseConnectionsDuringAnOutage() {
        simulator.goOut();
        assertThatThrownBy(() -> client.tryGet("/api/v3/balance")).isInstanceOf(ConnectException.class);
        simulator.comeBack();
        assertThat(client.get("/api/v3/balance").status()).isEqualTo(200);
        assertThat(client.post("/admin/outage", "{\"ms\":0}").status()).isEqualTo(400);
        assertThat(client.post("/admin/outage", "{\"ms\":1}").status()).isEqualTo(200);
        await().ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> client.tryGet("/api/v3/balance").statusCode() == 200);
    }

    @Test
    void shouldTurnTheClockOnlyToWhatItCanTell() {
        for (String by : new String[] {"3651d", "999999999999999d", "9223372036854775807d", "-1s"}) {
            assertThat(turn(by).status()).as(by).isEqualTo(400);
        }
        assertThatThrownBy(() -> simulator.turnClock(Duration.ofDays(4_000_000)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> simulator.turnClock(Duration.ofDays(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThat(turn("0").json().path("now").asText())
                .isLessThan(Instant.now().plusSeconds(60).toString());
    }

    /** How often a file was asked for, and what is drawn for it, follows from the file, not from when others come. */
    @Test
    void shouldDrawForEachFileWhateverTheOrder() {
        String fault = "{\"phase\":\"download\",\"action\":\"status\",\"status\":503,\"rate\":0.5}";
        List<Integer> forward = downloads(client, fault, IntStream.range(0, 12));
        try (Simulator again = Simulator.start(SimulatorConfig.defaults());
                TestClient other = new TestClient(again)) {
            List<Integer> backward =
                    downloads(other, fault, IntStream.range(0, 12).map(i -> 11 - i));
            assertThat(backward.reversed()).isEqualTo(forward).contains(200, 503);
        }
    }

    private static List<Integer> downloads(TestClient of, String fault, IntStream numbers) {
        List<String> urls =
                numbers.mapToObj(i -> of.upload("clip-" + i + ".mp3", "x")).toList();
        of.order(fault);
        return urls.stream().map(url -> of.get(url).status()).toList();
    }

    @Test
    void shouldDrawTheSameAfterAReset() {
        String fault = "{\"phase\":\"prediction\",\"action\":\"fail\",\"rate\":0.5}";
        client.order(fault);
        String first = outcomes(client);
        client.post("/admin/reset", "");
        client.order(fault);
        assertThat(outcomes(client)).isEqualTo(first).contains("failed").contains("completed");
    }

    @Test
    void shouldDrawTheSameWhenSomeSubmitsWereRefusedBefore() {
        String fault = "{\"phase\":\"prediction\",\"action\":\"fail\",\"rate\":0.5}";
        client.order(fault);
        List<String> first = ends(client);
        try (Simulator again = Simulator.start(SimulatorConfig.defaults());
                TestClient other = new TestClient(again)) {
            other.order(fault);
            other.order("{\"phase\":\"before_accept\",\"action\":\"status\",\"status\":429,\"times\":3}");
            for (int i = 0; i < 3; i++) {
                assertThat(other.submitSong().status()).isEqualTo(429);
            }
            assertThat(ends(other)).isEqualTo(first).contains("failed", "completed");
        }
    }

    /** Of the same song, submitted again and again. */
    private static List<String> ends(TestClient of) {
        return IntStream.range(0, 12)
                .mapToObj(i ->
                        of.result(of.submitSong().id()).data().path("status").asText())
                .toList();
    }

    @Test
    void shouldStrikeOnlyTheBodyThatContainsAText() {
        client.order("[{\"phase\":\"before_accept\",\"action\":\"status\",\"status\":503,\"contains\":\"clip 7\"},"
                + "{\"phase\":\"poll\",\"action\":\"html\",\"contains\":\"clip 8\"}]");
        assertThat(client.submit(TestClient.MUSIC, "{\"prompt\":\"clip 6\"}").status())
                .isEqualTo(200);
        assertThat(client.submit(TestClient.MUSIC, "{\"prompt\":\"clip 7\"}").status())
                .isEqualTo(503);
        String spoilt =
                client.submit(TestClient.MUSIC, "{\"prompt\":\"clip 8\"}").id();
        assertThat(client.result(spoilt).text()).startsWith("<html>");
    }

    /** The address of an upload differs from run to run; what is drawn for a body that names it must not. */
    @Test
    void shouldDrawTheSameForTheSameUploadAtAnotherAddress() {
        String fault = "{\"phase\":\"prediction\",\"action\":\"fail\",\"rate\":0.5}";
        client.order(fault);
        String first = outcomes(client);
        try (Simulator again = Simulator.start(SimulatorConfig.defaults());
                TestClient other = new TestClient(again)) {
            other.order(fault);
            assertThat(outcomes(other)).isEqualTo(first).contains("failed").contains("completed");
        }
    }

    private static String outcomes(TestClient of) {
        StringBuilder outcomes = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            String url = of.upload("clip-" + i + ".mp3", "x");
            String id = of.submit(
                            "stability-ai/stable-audio-3/audio-to-audio",
                            "{\"prompt\":\"x\",\"audio\":\"" + url + "\"}")
                    .id();
            outcomes.append(of.result(id).data().path("status").asText()).append(' ');
        }
        return outcomes.toString();
    }

    @Test
    void shouldCountKeysThatWentWhereNoneBelongs() {
        String output = client.result(client.submitSong().id())
                .data()
                .path("outputs")
                .path(0)
                .asText();
        client.get(output);
        assertThat(simulator.stats().keysLeaked()).isZero();
        client.send(client.request(output).header("Authorization", "Bearer k").build());
        assertThat(simulator.stats().keysLeaked()).isEqualTo(1);
    }

    @Test
    void shouldSpoilDownloadsInTypeAndLength() {
        client.order("[{\"phase\":\"download\",\"action\":\"shorten\",\"bytes\":10},"
                + "{\"phase\":\"download\",\"action\":\"type\",\"value\":\"text/plain\"},"
                + "{\"phase\":\"poll\",\"action\":\"pad\",\"bytes\":100000},"
                + "{\"phase\":\"before_accept\",\"action\":\"status\",\"status\":307,\"location\":\"/elsewhere\"}]");
        assertThat(client.submitSong().response().headers().firstValue("Location"))
                .hasValue("/elsewhere");
        String id = client.submitSong().id();
        Answer padded = client.result(id);
        assertThat(padded.text()).hasSize(100_000);
        assertThat(padded.data().path("status").asText()).isEqualTo("completed");
        String output = "/outputs/" + id + ".mp3";
        assertThat(client.get(output).response().body()).hasSize(10);
        assertThat(client.get(output).response().headers().firstValue("Content-Type"))
                .hasValue("text/plain");
    }

    private Answer turn(String by) {
        return client.post("/admin/clock", "{\"advance\":\"" + by + "\"}");
    }
}
