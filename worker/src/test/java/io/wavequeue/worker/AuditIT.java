package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.test.ServersResource;
import io.wavequeue.worker.flow.Audit;
import io.wavequeue.worker.flow.Damage;
import io.wavequeue.worker.run.Heartbeat;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that name this worker, and jobs that it holds, when the two do not agree. */
@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
class AuditIT {
    @Inject
    Jobs jobs;

    @Inject
    Heartbeat heartbeat;

    @Inject
    Audit audit;

    @Inject
    Damage damage;

    @Inject
    MeterRegistry metrics;

    Simulator simulator;

    @BeforeEach
    void fresh() {
        jobs.beginAnew(simulator);
    }

    @Test
    void shouldTakeUpARunningJobThatNobodyHereFollows() throws Exception {
        UUID job = UUID.randomUUID();
        lost(job, "running", "accepted", submitted());

        audit.step();
        jobs.await(job, "succeeded");

        assertThat(simulator.totals().accepted()).isEqualTo(1);
        assertThat(jobs.attempts(job)).singleElement().satisfies(attempt -> assertThat(attempt)
                .containsEntry("status", "completed"));
    }

    @Test
    void shouldDoubtASubmitThatNobodyHereIsMaking() {
        UUID job = UUID.randomUUID();
        lost(job, "submitting", "submitting", null);

        audit.step();
        Map<String, Object> row = jobs.await(job, "uncertain");

        assertThat(row.get("worker_id")).isNull();
        assertThat(simulator.stats().submitsReceived()).isZero();
    }

    @Test
    void shouldDropAJobThatWasTakenFromIt() {
        simulator.set("latency", "fixed:600000");
        UUID job = jobs.music("taken away");
        jobs.await(job, "running");
        Awaiting.until("the worker holds it", () -> held() == 1);

        jobs.execute("update job set fence = fence + 1000000, worker_id = ? where id = ?", UUID.randomUUID(), job);

        audit.step();
        audit.step();
        await().atMost(Duration.ofSeconds(30)).until(() -> held() == 0);
        assertThat(jobs.row("select status from job where id = ?", job)).containsEntry("status", "running");
    }

    @Test
    void shouldFailAJobWhoseRowsAreDamagedAndGoOnWithTheOthers() throws Exception {
        UUID noRequest = UUID.randomUUID();
        UUID noAttempt = UUID.randomUUID();
        UUID doubtful = UUID.randomUUID();
        jobs.execute("""
                insert into job (id, status, model, lane, max_attempts, estimated_usd, reserve_usd, dispatch_at)
                values (?, 'queued', ?, 'interactive', 3, 0.0217, 0.0217, now())
                """, noRequest, Jobs.MUSIC);
        lost(noAttempt, "running", "accepted", submitted());
        jobs.execute("delete from attempt where job_id = ?", noAttempt);
        lost(doubtful, "submitting", "submitting", null);
        audit.step();
        jobs.await(doubtful, "uncertain");
        jobs.execute("delete from job_payload where job_id = ?", doubtful);
        UUID whole = jobs.music("whole");
        jobs.await(whole, "succeeded");

        await().atMost(Duration.ofSeconds(30)).until(() -> {
            damage.endDamaged();
            return jobs.count("failed") == 3;
        });

        assertThat(jobs.row("select error_class, error_message from job where id = ?", noRequest))
                .containsEntry("error_class", "internal")
                .containsEntry("error_message", "it cannot be carried on: its request is gone");
        assertThat(jobs.row("select error_message from job where id = ?", noAttempt))
                .containsEntry("error_message", "it cannot be carried on: its attempt is gone");
        assertThat(jobs.attempts(doubtful)).singleElement().satisfies(attempt -> assertThat(attempt)
                .containsEntry("status", "failed"));
        jobs.await(jobs.music("another"), "succeeded");
        assertThat(simulator.totals().accepted()).isEqualTo(3);
    }

    private double held() {
        return metrics.get("wavequeue.jobs.held.by.worker").gauge().value();
    }

    private String submitted() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String answer = http.send(
                            HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/api/v3/" + Jobs.MUSIC))
                                    .header("Authorization", "Bearer any")
                                    .POST(BodyPublishers.ofString("{\"prompt\":\"x\"}"))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            return new ObjectMapper().readTree(answer).at("/data/id").asText();
        }
    }

    /** A row as this worker left it a minute ago, without anything here that knows of it. */
    private void lost(UUID job, String status, String attemptStatus, String predictionId) {
        jobs.execute("""
                insert into job (id, status, model, lane, max_attempts, attempt, fence, worker_id, estimated_usd, reserve_usd,
                                 updated_at)
                values (?, ?, ?, 'bulk', 3, 1, 5, ?, 0.0217, 0.0217, now() - interval '1 minute')
                """, job, status, Jobs.MUSIC, heartbeat.workerId());
        jobs.execute("insert into job_payload (job_id, input) values (?, '{\"prompt\":\"x\"}')", job);
        jobs.execute("""
                insert into attempt (job_id, number, status, worker_id, prediction_id, submitted_at, accepted_at, price_usd,
                                     reserved_usd, budget_day)
                values (?, 1, ?, ?, ?, now() - interval '1 minute', now() - interval '1 minute', 0.0217, 0.0217, '2026-01-31')
                """, job, attemptStatus, heartbeat.workerId(), predictionId);
    }
}
