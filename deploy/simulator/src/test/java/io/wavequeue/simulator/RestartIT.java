package io.wavequeue.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.account.Ledger;
import io.wavequeue.simulator.account.Setting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RestartIT {
    private final MovableClock clock = new MovableClock();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldGoOnByTheClockAfterARestart() {
        String first;
        String second;
        Ledger before;
        try (Simulator simulator = start();
                TestClient client = new TestClient(simulator)) {
            client.order("{\"phase\":\"prediction\",\"action\":\"fail\",\"code\":5000}");
            first = client.submitSong().id();
            second = client.submitSong().id();
            before = simulator.ledger();
        }
        try (Simulator simulator = start();
                TestClient client = new TestClient(simulator)) {
            assertThat(simulator.ledger()).isEqualTo(before);
            assertThat(status(client, first)).isEqualTo("processing");
            assertThat(status(client, second)).isEqualTo("created");
        }
        clock.advance(Duration.ofSeconds(15));
        try (Simulator simulator = start();
                TestClient client = new TestClient(simulator)) {
            assertThat(status(client, first)).isEqualTo("failed");
            assertThat(client.result(first).data().path("code").asInt()).isEqualTo(5000);
            assertThat(status(client, second)).isEqualTo("processing");
            assertThat(simulator.stats().maxOpen()).isEqualTo(2);
            assertThat(simulator.stats().duplicateSubmits()).isEqualTo(1);
            assertThat(client.get("/api/v3/balance").data().path("balance").decimalValue())
                    .isEqualByComparingTo("999.9566");
            clock.advance(Duration.ofHours(1));
            assertThat(simulator.totals().refundedUsd()).hasToString("0.021700");
            assertThat(client.get(client.result(second)
                                    .data()
                                    .path("outputs")
                                    .path(0)
                                    .asText())
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void shouldDropALastLineThatWasCut() throws IOException {
        Path journal = folder.resolve("journal.jsonl");
        String id;
        try (Simulator simulator = start();
                TestClient client = new TestClient(simulator)) {
            id = client.submitSong().id();
        }
        Files.writeString(journal, "{\"event\":\"accepted\",\"id\":\"ab", StandardOpenOption.APPEND);
        try (Simulator simulator = start();
                TestClient client = new TestClient(simulator)) {
            assertThat(simulator.totals().accepted()).isEqualTo(1);
            assertThat(client.submitSong().status()).isEqualTo(200);
        }
        try (Simulator simulator = start()) {
            assertThat(simulator.ledger().entries()).hasSize(2);
            assertThat(simulator.ledger().entries().getFirst().predictionId()).isEqualTo(id);
        }
    }

    @Test
    void shouldKeepUploads() {
        String url;
        try (Simulator simulator = start();
                TestClient client = new TestClient(simulator)) {
            JsonNode ticket = client.post("/api/v3/media/uploads", "{\"filename\":\"a.bin\",\"size\":3}")
                    .data();
            URI put = URI.create(ticket.path("upload").path("url").asText());
            url = put.getPath();
            HttpRequest request = HttpRequest.newBuilder(put)
                    .header("Content-Type", "application/octet-stream")
                    .header("If-None-Match", "*")
                    .PUT(BodyPublishers.ofString("abc"))
                    .build();
            assertThat(client.send(request).status()).isEqualTo(200);
        }
        try (Simulator simulator = start();
                TestClient client = new TestClient(simulator)) {
            assertThat(client.get(url).text()).isEqualTo("abc");
        }
    }

    @Test
    void shouldKeepWhatWasGivenBackUnderAnotherShare() {
        try (Simulator simulator = start();
                TestClient client = new TestClient(simulator)) {
            simulator.set("deleted_refund_percent", "50");
            simulator.set("refund_delay", "0");
            String id = client.submitSong().id();
            client.post("/api/v3/predictions/delete", "{\"ids\":[\"" + id + "\"]}");
            assertThat(simulator.totals().refundedUsd()).hasToString("0.010850");
        }
        try (Simulator simulator = start()) {
            assertThat(simulator.settings().text(Setting.DELETED_REFUND_PERCENT))
                    .isEqualTo("0");
            assertThat(simulator.totals().refundedUsd()).hasToString("0.010850");
        }
    }

    @Test
    void shouldDeleteFilesThatAreTooOldOrForgotten() {
        Path files = folder.resolve("uploads");
        try (Simulator simulator = start();
                TestClient client = new TestClient(simulator)) {
            String old = client.upload("old.bin", "abc");
            assertThat(files).isDirectoryContaining(file -> true);
            clock.advance(Duration.ofDays(8));
            assertThat(client.get(old).status()).isEqualTo(404);
            assertThat(files).isEmptyDirectory();
            client.upload("new.bin", "abc");
            assertThat(files).isDirectoryContaining(file -> true);
            simulator.reset();
            assertThat(files).isEmptyDirectory();
        }
    }

    @Test
    void shouldStayEmptyAfterAReset() {
        try (Simulator simulator = start();
                TestClient client = new TestClient(simulator)) {
            client.submitSong();
            simulator.reset();
        }
        try (Simulator simulator = start()) {
            assertThat(simulator.totals().accepted()).isZero();
        }
    }

    @Test
    void shouldRefuseAFolderThatIsInUse() {
        try (Simulator simulator = start()) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(SimulatorStartException.class)
                    .hasMessageContaining("in use by another simulator");
            assertThat(simulator.port()).isPositive();
        }
    }

    private Simulator start() {
        return Simulator.start(
                SimulatorConfig.defaults()
                        .withLatency("fixed:10000")
                        .withMaxInFlight(1)
                        .withData(folder),
                clock);
    }

    private static String status(TestClient client, String id) {
        return client.result(id).data().path("status").asText();
    }
}
