package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.job.BulkDecision;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.BulkStatus;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.SkipReason;
import io.wavequeue.job.Transition;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import io.wavequeue.store.BulkChoice;
import io.wavequeue.store.BulkOrder;
import io.wavequeue.store.BulkStore;
import io.wavequeue.store.BulkView;
import io.wavequeue.store.Idempotency.Answer;
import io.wavequeue.store.JobTransitions;
import io.wavequeue.store.WebhookStore;
import io.wavequeue.store.WebhookStore.Telling;
import io.wavequeue.store.view.JobFilter;
import io.wavequeue.test.ServersResource;
import io.wavequeue.worker.reconcile.Reconciler;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
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

    @Inject
    AgroalDataSource pool;

    @Inject
    WebhookStore webhooks;

    @Inject
    MeterRegistry metrics;

    @Inject
    JobTransitions transitions;

    @Inject
    BulkStore resolutions;

    @Inject
    BulkView views;

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
        jobs.awaitSettled(reconciler::step, 4);

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

    /** A bulk operation that is being made names its jobs by foreign keys, for seconds where they are many. */
    @Test
    void shouldSettleTheOthersWhileAJobInDoubtHasToWait() throws Exception {
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(true)));
        UUID doubtful = jobs.music("lost reply");
        jobs.await(doubtful, "uncertain");
        try (Connection making = pool.getConnection();
                PreparedStatement patience =
                        making.prepareStatement("set local idle_in_transaction_session_timeout = 0");
                PreparedStatement look = making.prepareStatement("select from job where id = ? for key share")) {
            making.setAutoCommit(false);
            patience.execute();
            look.setObject(1, doubtful);
            look.execute();
            Thread reconciling = Thread.ofVirtual().start(() -> {
                try {
                    reconciler.step();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            });
            Awaiting.until(
                    "it waits", () -> !jobs.rows("select pid from pg_stat_activity where wait_event_type = 'Lock'"
                                    + " and query like 'select id from job where id = any%'")
                            .isEmpty());

            jobs.await(jobs.music("another"), "succeeded");

            making.rollback();
            reconciling.join();
        }
        jobs.await(doubtful, "succeeded");
        assertThat(simulator.totals().accepted()).isEqualTo(2);
    }

    @Test
    void shouldSubmitAgainOnlyWhenItIsProvedThatNothingWasMade() throws InterruptedException {
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, FaultAction.Answer.of(503)));
        UUID job = jobs.music("never taken");
        jobs.await(job, "uncertain");
        assertThat(reconciler.step()).as("too early to tell").isZero();
        assertThat(simulator.stats().submitsReceived()).isEqualTo(1);

        jobs.execute("update attempt set claimed_at = now() - interval '60 seconds' where job_id = ?", job);
        assertThat(reconciler.step()).as("the grace is not over").isZero();
        age(job, "70 seconds");
        jobs.awaitSettled(reconciler::step, 1);

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
            jobs.awaitSettled(reconciler::step, 1);
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
        jobs.awaitSettled(reconciler::step, 1);

        Map<String, Object> held = jobs.await(job, "held");
        assertThat(held).containsEntry("hold_reason", "uncertain_submission");
        String made = simulator.ledger().entries().getFirst().predictionId();
        assertThat((String) held.get("error_message")).contains(made);
        assertThat(jobs.row("select prediction_id from candidate where job_id = ?", job))
                .containsEntry("prediction_id", made);
        assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
    }

    @Test
    void shouldFollowThePredictionThatADecisionAboutManyAdoptsAndPayNothingTwice() throws InterruptedException {
        simulator.set("history_input", "false");
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(false)));
        UUID lost = jobs.music("lost, and adopted in bulk");
        jobs.await(lost, "uncertain");
        ageKeepingWindow(lost);
        jobs.awaitSettled(reconciler::step, 1);
        jobs.await(lost, "held");
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, new FaultAction.Drop(false)));
        UUID unknown = jobs.music("lost, and nothing was made of it");
        jobs.await(unknown, "uncertain");

        UUID id = UUID.randomUUID();
        resolutions.create(
                new BulkOrder(
                        id,
                        BulkKind.RESOLUTION,
                        BulkDecision.ADOPT,
                        JsonNodeFactory.instance.objectNode(),
                        null,
                        null,
                        null),
                BulkChoice.of(BulkKind.RESOLUTION, JobFilter.ALL),
                null,
                progress -> new Answer(202, "/", "{}"));

        jobs.await(lost, "succeeded");
        Awaiting.until(
                "the resolution is done",
                () -> views.find(BulkKind.RESOLUTION, id).orElseThrow().status() == BulkStatus.DONE);
        assertThat(views.find(BulkKind.RESOLUTION, id).orElseThrow().counts())
                .extracting(BulkView.Count::fate)
                .contains(new BulkView.Fate.Skipped(SkipReason.NO_CANDIDATE));
        assertThat(jobs.row("select status from job where id = ?", unknown)).containsEntry("status", "uncertain");
        assertThat(simulator.totals().accepted()).isEqualTo(1);
        assertThat(simulator.stats().submitsReceived()).isEqualTo(2);
        assertLedgerEqualsOurs();
    }

    @Test
    void shouldReadTheInputOfTheResultWhenTheHistoryHasNone() throws InterruptedException {
        simulator.set("history_input", "false");
        simulator.set("result_input", "true");
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(false)));
        UUID job = jobs.music("told by its result");
        jobs.await(job, "uncertain");
        jobs.awaitSettled(reconciler::step, 1);
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
        jobs.awaitSettled(reconciler::step, 1);
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

    @Test
    void shouldAdoptByWebhookWhenTheHistoryCannotBeRead() throws InterruptedException {
        historyIsAway();
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(true))
                .times(4));
        double before = resolvedByWebhook();
        List<UUID> lost = jobs.musicInBulk(4);
        jobs.await(4, "uncertain");
        assertThat(reconciler.step()).as("nothing is known yet").isZero();

        for (UUID job : lost) {
            assertThat(tell(job, madeOf(job))).isEqualTo(Telling.KEPT);
        }
        jobs.awaitSettled(reconciler::step, 4);

        jobs.await(4, "succeeded");
        assertThat(resolvedByWebhook() - before).isEqualTo(4);
        assertThat(simulator.stats().submitsReceived()).isEqualTo(4);
        assertThat(lost).allSatisfy(job -> assertThat(jobs.attempts(job))
                .singleElement()
                .satisfies(attempt -> assertThat(attempt).containsEntry("prediction_id", madeOf(job))));
        assertLedgerEqualsOurs();
        assertThat(reconciler.step()).isZero();
        assertThat(jobs.rows("select 1 from webhook_evidence")).isEmpty();
        assertThat(jobs.rows("select 1 from candidate")).isEmpty();
    }

    @Test
    void shouldAdoptByWebhookWhatIsHeldForAPerson() throws InterruptedException {
        simulator.set("history_input", "false");
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(false)));
        UUID job = jobs.music("lost, and told late");
        jobs.await(job, "uncertain");
        ageKeepingWindow(job);
        jobs.awaitSettled(reconciler::step, 1);
        jobs.await(job, "held");

        tell(job, madeOf(job));
        jobs.awaitSettled(reconciler::step, 1);

        jobs.await(job, "succeeded");
        assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
        assertLedgerEqualsOurs();
    }

    /** The provider drops connections after a minute, and a clip is done in less. */
    @Test
    void shouldUseAWebhookThatCameWhileItsSubmitWasStillUnderWay() throws InterruptedException {
        historyIsAway();
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(false))
                .untilReleased());
        UUID job = jobs.music("told before its submit ended");
        Awaiting.until("the provider has made it", () -> !madeOf(job).isEmpty());
        tell(job, madeOf(job));
        assertThat(reconciler.step()).isZero();
        assertThat(jobs.row("select status from job where id = ?", job)).containsEntry("status", "submitting");

        simulator.release();
        jobs.await(job, "uncertain");
        jobs.awaitSettled(reconciler::step, 1);
        jobs.await(job, "succeeded");
        assertThat(simulator.stats().submitsReceived()).isEqualTo(1);
        assertLedgerEqualsOurs();
    }

    @Test
    void shouldSayAloudAndKeepWhatContradictsAnAttempt() throws InterruptedException {
        double before = contradictions();
        UUID running = jobs.music("accepted, and told to be another");
        jobs.await(running, "succeeded");
        tell(running, "charged-twice");
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, FaultAction.Answer.of(503)));
        UUID again = jobs.music("proved not created, and told all the same");
        jobs.await(again, "uncertain");
        age(again, "10 minutes");
        jobs.awaitSettled(reconciler::step, 1);
        jobs.await(again, "succeeded");
        UUID token = UUID.randomUUID();
        jobs.execute("update attempt set webhook_token = ? where job_id = ? and status = 'not_created'", token, again);
        webhooks.tell(token, "made-late");

        assertThat(reconciler.step()).isZero();
        assertThat(reconciler.step()).isZero();

        assertThat(contradictions() - before).as("each is said once").isEqualTo(2);
        assertThat(jobs.rows("select prediction_id from candidate order by 1"))
                .extracting(row -> row.get("prediction_id"))
                .containsExactly("charged-twice", "made-late");
        assertThat(jobs.count("succeeded")).as("nothing else changes").isEqualTo(2);
        assertThat(simulator.totals().accepted()).isEqualTo(2);
    }

    @Test
    void shouldTakeTheFirstAndKeepTheSecondWhenASubmitIsToldTwoPredictions() throws InterruptedException {
        historyIsAway();
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(false)));
        UUID job = jobs.music("told twice");
        jobs.await(job, "uncertain");
        tell(job, madeOf(job));
        webhooks.tell((UUID) jobs.attempts(job).getFirst().get("webhook_token"), "another-one");

        jobs.awaitSettled(reconciler::step, job, "succeeded");
        reconciler.step();

        assertThat(jobs.attempts(job).getFirst()).containsEntry("prediction_id", madeOf(job));
        assertThat(jobs.row("select prediction_id from candidate where job_id = ?", job))
                .containsEntry("prediction_id", "another-one");
    }

    /** Two equal inputs, both paid; one is adopted by somebody else while the history is read. */
    @Test
    void shouldNotTakeTheOtherForNotCreatedWhenOneIsSettledMeanwhile() throws Exception {
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(false))
                .times(2));
        UUID one = jobs.music("the same");
        UUID two = jobs.music("the same");
        jobs.await(2, "uncertain");
        ageKeepingWindow(one);
        ageKeepingWindow(two);
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, new FaultAction.Pass())
                .endpoint("history")
                .untilReleased());
        long before = historyCalls();
        Thread step = Thread.ofVirtual().start(() -> {
            try {
                reconciler.step();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        Awaiting.until("the history is being read", () -> historyCalls() > before);
        long fence = (Long) jobs.row("select fence from job where id = ?", one).get("fence");
        assertThat(transitions.apply(List.of(new Transition(
                        one,
                        fence,
                        JobStatus.UNCERTAIN,
                        new Transition.Next.Running(),
                        new Transition.AttemptChange.Accepted(madeOf(one), null),
                        Instant.now()))))
                .hasSize(1);
        simulator.release();
        step.join();
        assertThat(jobs.rows("select 1 from attempt where status = 'not_created'"))
                .isEmpty();

        jobs.awaitSettled(reconciler::step, two, "succeeded");
        jobs.await(one, "succeeded");
        assertThat(simulator.stats().submitsReceived()).isEqualTo(2);
        assertLedgerEqualsOurs();
    }

    private long historyCalls() {
        return simulator.stats().requests().getOrDefault("history", 0L);
    }

    private void historyIsAway() {
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, FaultAction.Answer.of(500))
                .endpoint("history")
                .rate(1));
    }

    /** As the API keeps what a webhook tells; these submits named none, so their token is drawn here. */
    private Telling tell(UUID job, String predictionId) {
        UUID token = UUID.randomUUID();
        jobs.execute(
                "update attempt a set webhook_token = ? from job j where j.id = a.job_id and j.attempt = a.number and j.id = ?",
                token,
                job);
        return webhooks.tell(token, predictionId);
    }

    /** What the provider made of the job's input; empty while there is nothing. */
    private String madeOf(UUID job) {
        Object input =
                jobs.row("select input from job_payload where job_id = ?", job).get("input");
        return simulator.ledger().entries().stream()
                .filter(entry -> entry.body().equals(input))
                .map(entry -> entry.predictionId())
                .findFirst()
                .orElse("");
    }

    private double resolvedByWebhook() {
        return metrics.counter("wavequeue.uncertain.resolved", "by", "webhook").count();
    }

    private double contradictions() {
        return metrics.counter("wavequeue.webhook.contradictions").count();
    }

    /** Its window begins four seconds before its prediction was made, so that a difference of clocks taken too late misses it. */
    @Test
    void shouldFindWhatWasMadeWhenAnotherModelsHistoryKeptUsWaiting() throws InterruptedException {
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(false))
                .times(2));
        UUID first = jobs.music("its history is slow");
        jobs.await(first, "uncertain");
        UUID second = jobs.enqueue(
                "wavespeed-ai/ace-step/audio-outpaint",
                "{\"audio\":\"https://example.com/a.wav\",\"tags\":\"judged after it\",\"extend_after_duration\":1}",
                Jobs.MUSIC_PRICE);
        jobs.await(second, "uncertain");
        jobs.execute("update attempt set claimed_at = claimed_at + interval '6 seconds' where job_id = ?", second);
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, new FaultAction.Pass())
                .endpoint("history")
                .delay(Duration.ofSeconds(5)));

        assertThat(reconciler.step()).isEqualTo(2);

        jobs.await(first, "succeeded");
        jobs.await(second, "succeeded");
        assertThat(simulator.totals().accepted()).isEqualTo(2);
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
