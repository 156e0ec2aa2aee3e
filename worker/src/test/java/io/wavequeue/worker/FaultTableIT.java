package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.test.ServersResource;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.inject.Inject;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** One job under each fault, ordered as a person orders it: what becomes of the job, and what the ledger says. */
@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
class FaultTableIT {
    private static final List<String> TABLE = new ArrayList<>();

    @Inject
    Jobs jobs;

    @Inject
    WavequeueConfig config;

    Simulator simulator;

    @BeforeEach
    void fresh() {
        jobs.beginAnew(simulator);
    }

    /** {@code outage} in the column of the path takes the provider off the network until a submit was tried in vain. */
    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/faults.csv", delimiter = '|', quoteCharacter = '`')
    void shouldEndAsTheTableSays(
            String fault, String path, String order, String status, String errorClass, int posts, int accepted)
            throws IOException, InterruptedException {
        UUID job;
        if (path.equals("outage")) {
            simulator.goOut();
            job = jobs.music(fault);
            jobs.awaitSentBack(job);
            simulator.comeBack();
        } else {
            order(order);
            job = jobs.music(fault);
        }

        // Whoever read the account before it was resumed for this case may hold the job once, for a moment.
        Awaiting.until(posts + " submits", () -> simulator.stats().submitsReceived() >= posts);
        Map<String, Object> row = jobs.await(job, status);
        if (order.contains("download")) {
            jobs.awaitArchived(job);
            String file = (String)
                    jobs.row("select file from output where job_id = ?", job).get("file");
            assertThat(Files.readAllBytes(config.dataDir().resolve("outputs").resolve(file)))
                    .startsWith("RIFF".getBytes(StandardCharsets.US_ASCII));
        }
        BigDecimal ledger = simulator.totals().chargedUsd();
        BigDecimal ours = (BigDecimal) jobs.row("select coalesce(sum(charged_usd), 0) as usd from attempt")
                .get("usd");
        TABLE.add("| %s | `%s` | %s%s | %d | %d | %s | %s |"
                .formatted(
                        fault,
                        order,
                        status,
                        row.get("error_class") == null ? "" : " (" + row.get("error_class") + ")",
                        simulator.stats().submitsReceived(),
                        simulator.totals().accepted(),
                        ledger.toPlainString(),
                        ours.toPlainString()));
        assertThat(row.get("error_class")).isEqualTo(errorClass);
        assertThat(simulator.stats().submitsReceived()).isEqualTo(posts);
        assertThat(simulator.totals().accepted()).isEqualTo(accepted);
        assertThat(ledger).isEqualByComparingTo(Jobs.MUSIC_PRICE.multiply(BigDecimal.valueOf(accepted)));
        if (!status.equals("uncertain")) {
            assertThat(ours).isEqualByComparingTo(ledger);
        }
    }

    private void order(String order) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/admin/faults"))
                            .POST(BodyPublishers.ofString(order))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @AfterAll
    static void print() {
        System.out.println("| fault | order | job | POSTs | accepted | ledger USD | ours USD |");
        TABLE.forEach(System.out::println);
    }
}
