package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import io.wavequeue.test.ServersResource;
import io.wavequeue.wiring.WavequeueConfig;
import io.wavequeue.worker.lookout.Lookout;
import io.wavequeue.worker.reconcile.Reconciler;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Paid predictions that nobody follows: what they make is kept, and offered. */
@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
class LookoutIT {
    private static final String NOBODY = "00000000-0000-0000-0000-000000000000";

    @Inject
    Jobs jobs;

    @Inject
    Lookout lookout;

    @Inject
    Reconciler reconciler;

    @Inject
    MeterRegistry metrics;

    @Inject
    WavequeueConfig config;

    Simulator simulator;

    @BeforeEach
    void fresh() {
        jobs.beginAnew(simulator);
        jobs.execute("delete from lookout");
        jobs.execute("delete from output");
    }

    @Test
    void shouldArchiveWhatCompletesAfterTheDeadlineAndLeaveTheJobFailed() throws Exception {
        UUID job = overdue(new FaultAction.Last(50));
        assertThat(jobs.row("select reason, outcome from lookout"))
                .containsEntry("reason", "deadline")
                .containsEntry("outcome", null);

        assertThat(lookout.step()).isEqualTo(1);
        assertThat(jobs.rows("select 1 from output")).as("still open").isEmpty();
        assertThat(overdue()).isEqualTo(1);

        simulator.clearFaults();
        assertThat(lookout.step()).as("not its turn").isZero();
        itIsTheirTurn();
        assertThat(lookout.step()).isEqualTo(1);

        jobs.awaitArchived(job);
        Map<String, Object> output = jobs.row("select * from output where job_id = ?", job);
        assertThat(output).containsEntry("number", 1_000).containsEntry("attempt", 1);
        assertIsAClip(output);
        assertThat(jobs.row("select status, error_class from job"))
                .containsEntry("status", "failed")
                .containsEntry("error_class", "provider_timeout");
        assertThat(jobs.attempts(job)).singleElement().satisfies(attempt -> assertThat(attempt)
                .containsEntry("status", "completed")
                .containsEntry("charged_usd", Jobs.MUSIC_PRICE));
        assertThat(jobs.rows("select 1 from event where job_id = ? and archived", job))
                .hasSize(1);
        assertThat(overdue()).isZero();
        assertThat(jobs.chargedUsd()).isEqualByComparingTo(simulator.totals().chargedUsd());
    }

    @Test
    void shouldRecordWhenItFailsAfterTheDeadline() throws Exception {
        UUID job = overdue(new FaultAction.Fail(1200, null));

        simulator.clearFaults();
        assertThat(lookout.step()).isEqualTo(1);

        assertThat(jobs.row("select outcome, error_class from lookout"))
                .containsEntry("outcome", "failed")
                .containsEntry("error_class", "moderated");
        assertThat(jobs.row("select status, error_class from job where id = ?", job))
                .containsEntry("status", "failed")
                .containsEntry("error_class", "provider_timeout");
        itIsTheirTurn();
        assertThat(lookout.step()).isZero();
    }

    @Test
    void shouldKeepWhatAnUncertainSubmitMadeAndDeliverItWhenTheProviderHasForgottenIt() throws Exception {
        simulator.set("history_input", "false");
        UUID job;
        try {
            simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(false)));
            job = jobs.music("lost, and nobody tells");
            jobs.await(job, "uncertain");
            jobs.execute("update attempt set claimed_at = claimed_at - interval '128 seconds' where job_id = ?", job);
            jobs.awaitSettled(reconciler::step, 1);
            jobs.await(job, "held");
        } finally {
            simulator.set("history_input", "true");
        }
        String prediction = simulator.ledger().entries().getFirst().predictionId();
        assertThat(jobs.row("select prediction_id, reason from lookout"))
                .containsEntry("prediction_id", prediction)
                .containsEntry("reason", "unassigned");

        Awaiting.until("its clip to be archived", () -> {
            itIsTheirTurn();
            lookout.step();
            return !jobs.rows("select 1 from output where job_id is null and archived_at is not null")
                    .isEmpty();
        });
        Map<String, Object> nobodys = jobs.row("select * from output");
        assertThat(nobodys)
                .containsEntry("prediction_id", prediction)
                .containsEntry("file", "unassigned/" + prediction + "_0.wav");
        assertIsAClip(nobodys);

        simulator.order(
                FaultRule.once(FaultPhase.POLL, FaultAction.Answer.of(404)).rate(1.0));
        simulator.order(
                FaultRule.once(FaultPhase.DOWNLOAD, FaultAction.Answer.of(404)).rate(1.0));
        adopt(job, prediction);
        assertThat(lookout.step()).isZero();
        assertThat(jobs.row("select status from job where id = ?", job)).containsEntry("status", "running");
        jobs.execute("update attempt set accepted_at = accepted_at - interval '1 minute' where job_id = ?", job);
        lookout.step();

        jobs.await(job, "succeeded");
        jobs.awaitArchived(job);
        assertThat(jobs.row("select number, file, sha256 from output where job_id = ?", job))
                .containsEntry("number", 0)
                .containsEntry("file", nobodys.get("file"))
                .containsEntry("sha256", nobodys.get("sha256"));
        assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
        assertThat(jobs.chargedUsd()).isEqualByComparingTo(simulator.totals().chargedUsd());
    }

    /** A job whose prediction the provider calls open for longer than its model's deadline. */
    private UUID overdue(FaultAction.OfCourse course) {
        simulator.order(FaultRule.once(FaultPhase.PREDICTION, course));
        simulator.order(FaultRule.once(FaultPhase.POLL, new FaultAction.ShowStatus("processing"))
                .rate(1.0));
        UUID job = jobs.music("slow");
        jobs.await(job, "running");
        jobs.execute("update attempt set accepted_at = accepted_at - interval '2 hours' where job_id = ?", job);
        // Whoever takes it over reads when it was accepted.
        jobs.execute(
                "update job set worker_id = '" + NOBODY + "', fence = fence + 1, version = version + 1 where id = ?",
                job);
        assertThat(jobs.await(job, "failed")).containsEntry("error_class", "provider_timeout");
        return job;
    }

    /** As a person does by way of the API. */
    private void adopt(UUID job, String prediction) {
        jobs.execute("""
                update attempt
                set status = 'accepted', prediction_id = ?, accepted_at = now(), charged_usd = price_usd
                where job_id = ?
                """, prediction, job);
        jobs.execute("""
                update job
                set status = 'running', hold_reason = null, worker_id = '%s', version = version + 1,
                    error_class = null, error_message = null, error_retryable = null
                where id = ?
                  and status = 'held'
                """.formatted(NOBODY), job);
    }

    private void itIsTheirTurn() {
        jobs.execute("update lookout set look_at = now() where ended_at is null");
    }

    private double overdue() {
        return metrics.get("wavequeue.predictions.overdue")
                .tag("reason", "deadline")
                .gauge()
                .value();
    }

    private void assertIsAClip(Map<String, Object> output) throws IOException {
        Path file = config.dataDir().resolve("outputs").resolve((String) output.get("file"));
        assertThat(Files.size(file)).isEqualTo(output.get("bytes"));
        assertThat((String) output.get("sha256")).hasSize(64);
    }
}
