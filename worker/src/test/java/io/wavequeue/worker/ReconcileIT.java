package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import io.wavequeue.test.ServersResource;
import io.wavequeue.worker.reconcile.Reconciler;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Submits whose answer was lost: what the provider's history says of them, and what is done then. */
@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
class ReconcileIT {
    private static final List<String> SETTINGS = List.of(
            "history_input", "history_input_name", "history_total", "history_page_size", "result_input", "history_lag");

    @Inject
    Jobs jobs;

    @Inject
    Reconciler reconciler;

    Simulator simulator;

    @BeforeEach
    void fresh() {
        jobs.beginAnew(simulator);
    }

    @AfterEach
    void restore() {
        SETTINGS.forEach(name -> simulator.set(name, Setting.find(name).standard()));
    }

    @ParameterizedTest
    @CsvSource({
        "history_input_name,input",
        "history_input_name,inputs",
        "history_total,false",
        "history_page_size,1",
        "history_page_size,300"
    })
    void shouldDeliverFourClipsForFourChargesWhenFourRepliesAreLostTogether(String setting, String side)
            throws InterruptedException {
        simulator.set(setting, side);
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(true))
                .times(4));

        List<UUID> lost = jobs.musicInBulk(4);
        jobs.await(4, "uncertain");
        assertThat(reconciler.step()).isEqualTo(4);

        jobs.await(4, "succeeded");
        assertThat(simulator.stats().submitsReceived()).isEqualTo(4);
        assertThat(simulator.totals().accepted()).isEqualTo(4);
        assertLedgerEqualsOurs();
        Set<Object> predictions = new HashSet<>();
        for (UUID job : lost) {
            Map<String, Object> attempt = jobs.attempts(job).getFirst();
            predictions.add(attempt.get("prediction_id"));
            String input = (String) jobs.row("select input from job_payload where job_id = ?", job)
                    .get("input");
            assertThat(simulator.ledger().entries().stream()
                            .filter(entry -> entry.predictionId().equals(attempt.get("prediction_id"))))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.body()).isEqualTo(input));
        }
        assertThat(predictions).hasSize(4);
    }

    @Test
    void shouldSubmitAgainOnlyWhenItIsProvedThatNothingWasMade() throws InterruptedException {
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, FaultAction.Answer.of(503)));
        UUID job = jobs.music("never taken");
        jobs.await(job, "uncertain");
        assertThat(reconciler.step()).as("too early to tell").isZero();
        assertThat(simulator.stats().submitsReceived()).isEqualTo(1);

        age(job, "120 seconds");
        assertThat(reconciler.step()).as("right before the grace is over").isZero();
        age(job, "10 seconds");
        assertThat(reconciler.step()).isEqualTo(1);

        jobs.await(job, "succeeded");
        assertThat(jobs.attempts(job))
                .extracting(attempt -> attempt.get("status"))
                .containsExactly("not_created", "completed");
        assertThat(simulator.stats().submitsReceived()).isEqualTo(2);
        assertThat(simulator.totals().accepted()).isEqualTo(1);
        assertLedgerEqualsOurs();
        assertThat((BigDecimal) jobs.row("select sum(committed_usd) as usd from budget_day")
                        .get("usd"))
                .isEqualByComparingTo(Jobs.MUSIC_PRICE);
    }

    @Test
    void shouldEndByMaxAttemptsWhenEverySubmitIsRefusedWithoutAnAnswer() throws InterruptedException {
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, FaultAction.Answer.of(500))
                .times(9));
        UUID job = jobs.music("poison");
        for (int attempt = 1; attempt <= 3; attempt++) {
            jobs.awaitAttempt(job, attempt, "uncertain");
            age(job, "10 minutes");
            assertThat(reconciler.step()).isEqualTo(1);
        }
        assertThat(jobs.await(job, "failed")).containsEntry("error_class", "provider_error");
        assertThat(simulator.stats().submitsReceived()).isEqualTo(3);
        assertThat(simulator.totals().accepted()).isZero();
        assertThat((BigDecimal) jobs.row("select sum(committed_usd) as usd from budget_day")
                        .get("usd"))
                .isEqualByComparingTo("0");
    }

    @Test
    void shouldHoldWithCandidatesAndPayNothingTwiceWhenTheHistoryTellsNoInput() throws InterruptedException {
        simulator.set("history_input", "false");
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(false)));
        UUID job = jobs.music("lost, and nobody tells");
        jobs.await(job, "uncertain");
        assertThat(reconciler.step()).isZero();

        ageKeepingWindow(job);
        assertThat(reconciler.step()).isEqualTo(1);

        Map<String, Object> held = jobs.await(job, "held");
        assertThat(held).containsEntry("hold_reason", "uncertain_submission");
        String made = simulator.ledger().entries().getFirst().predictionId();
        assertThat((String) held.get("error_message")).contains(made);
        assertThat(jobs.row("select prediction_id from candidate where job_id = ?", job))
                .containsEntry("prediction_id", made);
        assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
    }

    @Test
    void shouldReadTheInputOfTheResultWhenTheHistoryHasNone() throws InterruptedException {
        simulator.set("history_input", "false");
        simulator.set("result_input", "true");
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(false)));
        UUID job = jobs.music("told by its result");
        jobs.await(job, "uncertain");
        assertThat(reconciler.step()).isEqualTo(1);
        jobs.await(job, "succeeded");
        assertThat(simulator.totals().accepted()).isEqualTo(1);
    }

    @Test
    void shouldNotTakeWhatSomebodyElseMade() throws Exception {
        others("{\"prompt\":\"somebody else's\"}", 150);
        UUID calibration = jobs.music("known, so that inputs are seen to be told as they were sent");
        jobs.await(calibration, "succeeded");
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, new FaultAction.Drop(false)));
        UUID job = jobs.music("mine");
        jobs.await(job, "uncertain");
        assertThat(reconciler.step()).isZero();
        ageKeepingWindow(job);
        assertThat(reconciler.step()).isEqualTo(1);
        jobs.await(job, "succeeded");
        assertThat(simulator.totals().accepted()).isEqualTo(2);
        assertLedgerEqualsOurs();
    }

    @Test
    void shouldWaitWhileTheHistoryLags() throws InterruptedException {
        simulator.set("history_lag", "30s");
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.CutJson()));
        UUID job = jobs.music("shown late");
        jobs.await(job, "uncertain");
        assertThat(reconciler.step()).isZero();
        simulator.set("history_lag", "0");
        jobs.awaitSettled(reconciler::step, job, "succeeded");
        assertThat(simulator.totals().accepted()).isEqualTo(1);
        assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
    }

    @Test
    void shouldWaitWhenTheHistoryCannotBeRead() throws InterruptedException {
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, FaultAction.Answer.of(500))
                .endpoint("history"));
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(false)));
        UUID job = jobs.music("asked again");
        jobs.await(job, "uncertain");
        assertThat(reconciler.step()).isZero();
        jobs.awaitSettled(reconciler::step, job, "succeeded");
        assertThat(simulator.totals().accepted()).isEqualTo(1);
    }

    /** As if it had been claimed earlier: nothing of that time is in the history. */
    private void age(UUID job, String by) {
        jobs.execute("update attempt set claimed_at = claimed_at - interval '" + by + "' where job_id = ?", job);
    }

    /** Old enough for absence to count, and yet with the present in its window. */
    private void ageKeepingWindow(UUID job) {
        jobs.execute("update attempt set claimed_at = claimed_at - interval '128 seconds' where job_id = ?", job);
    }

    private void others(String input, int count) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String body = "{\"model\":\"" + Jobs.MUSIC + "\",\"input\":" + input + ",\"count\":" + count + "}";
            assertThat(http.send(
                                    HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/admin/predictions"))
                                            .POST(BodyPublishers.ofString(body))
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private void assertLedgerEqualsOurs() {
        assertThat(jobs.chargedUsd()).isEqualByComparingTo(simulator.totals().chargedUsd());
    }
}
