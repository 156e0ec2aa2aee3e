package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.account.LedgerEntry;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultAction.Answer;
import io.wavequeue.simulator.fault.FaultAction.Body;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import io.wavequeue.store.PriceStopStore;
import io.wavequeue.store.PriceStopStore.AcceptResult;
import io.wavequeue.test.Servers;
import io.wavequeue.test.ServersResource;
import io.wavequeue.worker.bill.BillReader;
import io.wavequeue.worker.bill.BillReader.Pass;
import io.wavequeue.worker.bill.BillReaders;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The bill is read, and what the simulator's ledger has is what our attempts have. */
@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
class BillIT {
    private static final int TRIES = 3;

    @Inject
    Jobs jobs;

    @Inject
    BillReader reader;

    @Inject
    BillReaders readers;

    @Inject
    PriceStopStore prices;

    @Inject
    MeterRegistry metrics;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String databaseUrl;

    Simulator simulator;

    @BeforeEach
    void fresh() {
        jobs.beginAnew(simulator);
        jobs.execute("delete from bill_row");
        jobs.execute("delete from bill_difference");
        jobs.execute("update bill_cursor set position = null, read_at = null, holder = null, lease_until = null");
    }

    @AfterEach
    void restore() {
        simulator.set("billing_time", "any");
        simulator.set("billing_paging", "total");
    }

    private void read() throws InterruptedException {
        assertThat(step(reader)).isEqualTo(Pass.READ);
    }

    private Pass step(BillReader one) throws InterruptedException {
        jobs.execute("update bill_cursor set due_at = now()");
        return one.step();
    }

    private void awaitEnded(int count) {
        Awaiting.until(
                count + " jobs have ended",
                () -> jobs.count("succeeded") + jobs.count("failed") + jobs.count("cancelled") == count);
    }

    private BigDecimal usd(String sql) {
        return (BigDecimal) jobs.row(sql).values().iterator().next();
    }

    private void assertOursEqualsLedger() {
        assertThat(usd("select coalesce(sum(charged_usd), 0) from attempt"))
                .isEqualByComparingTo(simulator.totals().chargedUsd());
        assertThat(usd("select coalesce(sum(refunded_usd), 0) from attempt"))
                .isEqualByComparingTo(simulator.totals().refundedUsd());
        // All attempts have ended: what the budget holds is what remains paid.
        assertThat(usd("select coalesce(sum(committed_usd), 0) from budget_day"))
                .isEqualByComparingTo(simulator
                        .totals()
                        .chargedUsd()
                        .subtract(simulator.totals().refundedUsd()));
    }

    private List<Map<String, Object>> differences() {
        return jobs.rows("select * from bill_difference order by id");
    }

    private void assertNothingDiffers() {
        assertThat(differences()).isEmpty();
    }

    private double gauge(String name, String... tags) {
        return metrics.get(name).tags(tags).gauge().value();
    }

    private void others(int count) throws Exception {
        String body = "{\"model\":\"%s\",\"input\":{\"prompt\":\"x\"},\"count\":%d,\"run_ms\":0}"
                .formatted(Jobs.MUSIC, count);
        HttpRequest request = HttpRequest.newBuilder(URI.create(simulator.baseUrl() + "/admin/predictions"))
                .POST(BodyPublishers.ofString(body))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"any,total", "iso,has_more", "epoch,total", "epoch,has_more"})
    void shouldHaveChargedAndRefundedWhatTheLedgerHas(String time, String paging) throws Exception {
        simulator.set("billing_time", time);
        simulator.set("billing_paging", paging);
        simulator.order(FaultRule.once(FaultPhase.PREDICTION, new FaultAction.Fail(1401, null))
                .rate(0.05));
        simulator.order(FaultRule.once(FaultPhase.PREDICTION, new FaultAction.Fail(5000, null))
                .rate(0.05));

        jobs.musicInBulk(200);
        awaitEnded(200);
        read();
        assertThat(simulator.totals().refundedUsd()).isZero();
        assertThat(jobs.count("failed")).isPositive();
        assertOursEqualsLedger();

        simulator.turnClock(Duration.ofHours(2));
        read();

        assertThat(simulator.totals().refundedUsd()).isPositive();
        assertOursEqualsLedger();
        assertNothingDiffers();
        assertThat(gauge("wavequeue.bill.age")).isBetween(0.0, 60.0);
        assertThat(gauge("wavequeue.bill.differences", "kind", "not_ours")).isZero();
    }

    @Test
    void shouldListASecondCharge() throws Exception {
        simulator.order(FaultRule.once(FaultPhase.CHARGE, new FaultAction.Twice()));
        UUID job = jobs.music("twice");
        jobs.await(job, "succeeded");

        read();
        read();

        assertThat(differences()).singleElement().satisfies(difference -> assertThat(difference)
                .containsEntry("kind", "charged_twice")
                .containsEntry("job_id", job)
                .containsEntry("attempt", 1)
                .containsEntry("model", Jobs.MUSIC)
                .containsEntry("expected_usd", Jobs.MUSIC_PRICE)
                .containsEntry("billed_usd", new BigDecimal("0.043400"))
                .containsEntry("resolved_at", null));
        assertThat(gauge("wavequeue.bill.differences", "kind", "charged_twice")).isEqualTo(1);
        assertOursEqualsLedger();
    }

    @Test
    void shouldBookTheBilledPriceAndListItWhenItIsAnother() throws Exception {
        simulator.order(FaultRule.once(FaultPhase.CHARGE, new FaultAction.Price(new BigDecimal("1.5"))));
        UUID job = jobs.music("dearer");
        jobs.await(job, "succeeded");

        read();

        assertThat(jobs.attempts(job).getFirst()).containsEntry("charged_usd", new BigDecimal("0.032550"));
        assertThat(differences()).singleElement().satisfies(difference -> assertThat(difference)
                .containsEntry("kind", "other_price")
                .containsEntry("expected_usd", Jobs.MUSIC_PRICE)
                .containsEntry("billed_usd", new BigDecimal("0.032550")));
        assertOursEqualsLedger();
    }

    @Test
    void shouldSubmitNoMoreOfAModelThatIsChargedAboveItsPriceUntilAPersonAccepts() throws Exception {
        simulator.order(FaultRule.once(FaultPhase.CHARGE, new FaultAction.Price(new BigDecimal("1.5")))
                .model(Jobs.MUSIC)
                .rate(1));
        jobs.await(jobs.music("dearer"), "succeeded");
        read();
        assertThat(gauge("wavequeue.bill.stopped.models")).isEqualTo(1);

        List<UUID> waiting = jobs.musicInBulk(30);
        jobs.await(30, "held");
        UUID other = jobs.enqueue(
                "stability-ai/stable-audio-3/audio-to-audio",
                "{\"audio\":\"https://media.example.com/a.mp3\",\"prompt\":\"x\"}",
                new BigDecimal("0.024000"));
        jobs.await(other, "succeeded");
        assertThat(simulator.ledger().entries())
                .extracting(LedgerEntry::model)
                .as("one of each, and nothing more of the model that was stopped")
                .containsExactlyInAnyOrder(Jobs.MUSIC, "stability-ai/stable-audio-3/audio-to-audio");
        assertThat(simulator.stats().submitsReceived()).isEqualTo(2);
        long difference = (Long) differences().getFirst().get("id");
        assertThat(jobs.row("select distinct error_message from job where status = 'held'"))
                .extractingByKey("error_message")
                .asString()
                .contains(Jobs.MUSIC, "0.03255", "0.0217", "POST /v1/costs/differences/" + difference + "/accept");

        assertThat(prices.accept(difference)).isEqualTo(AcceptResult.ACCEPTED);
        jobs.await(32, "succeeded");
        read();

        assertThat(differences()).hasSize(1).first().satisfies(accepted -> assertThat(accepted.get("resolved_at"))
                .isNotNull());
        assertThat(gauge("wavequeue.bill.stopped.models")).isZero();
        assertThat(waiting).allSatisfy(job -> assertThat(jobs.attempts(job)).hasSize(1));
        assertThat(simulator.totals().accepted()).isEqualTo(32);
        assertOursEqualsLedger();

        simulator.clearFaults();
        simulator.order(FaultRule.once(FaultPhase.CHARGE, new FaultAction.Price(new BigDecimal("1.6"))));
        jobs.await(jobs.music("dearer still"), "succeeded");
        read();
        UUID stopped = jobs.music("not at that price");
        jobs.await(stopped, "held");
        assertThat(simulator.totals().accepted()).isEqualTo(33);
        assertOursEqualsLedger();
    }

    @Test
    void shouldListWhatOthersMadeAsNotOurs() throws Exception {
        simulator.turnClock(Duration.ofHours(1));
        jobs.await(jobs.music("ours"), "succeeded");
        others(250);

        read();

        assertThat(jobs.row("select count(*) as lines, sum(billed_usd) as usd from bill_difference"
                        + " where kind = 'not_ours' and resolved_at is null and job_id is null"))
                .containsEntry("lines", 250L)
                .containsEntry("usd", simulator.totals().foreignUsd().setScale(6));
        assertOursEqualsLedger();
        assertThat(gauge("wavequeue.bill.differences", "kind", "not_ours")).isEqualTo(250);
    }

    @Test
    void shouldMissARefundAfterThreeHoursAndResolveItWhenItComes() throws Exception {
        simulator.order(FaultRule.once(FaultPhase.PREDICTION, new FaultAction.Fail(1401, null)));
        simulator.order(
                FaultRule.once(FaultPhase.REFUND, new FaultAction.Pass()).delay(Duration.ofHours(5)));
        UUID job = jobs.music("refunded late");
        jobs.await(job, "failed");
        simulator.turnClock(Duration.ofHours(4));
        read();
        assertNothingDiffers();

        jobs.execute("update attempt set completed_at = completed_at - interval '4 hours'");
        read();

        assertThat(differences()).singleElement().satisfies(difference -> assertThat(difference)
                .containsEntry("kind", "refund_missing")
                .containsEntry("job_id", job)
                .containsEntry("billed_usd", Jobs.MUSIC_PRICE)
                .containsEntry("resolved_at", null));

        simulator.turnClock(Duration.ofHours(2));
        read();

        assertThat(differences()).singleElement().satisfies(difference -> assertThat(difference.get("resolved_at"))
                .isNotNull());
        assertThat(jobs.attempts(job).getFirst()).containsEntry("refunded_usd", Jobs.MUSIC_PRICE);
        assertOursEqualsLedger();
        assertThat(gauge("wavequeue.bill.differences", "kind", "refund_missing"))
                .isZero();
    }

    @Test
    void shouldListAChargeWhoseAnswerWasLostUntilItIsAdopted() throws Exception {
        simulator.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Drop(true)));
        UUID job = jobs.music("lost reply");
        jobs.await(job, "uncertain");
        LedgerEntry entry = simulator.ledger().entries().getFirst();
        // Other tests may have turned the provider's clock.
        jobs.execute("update attempt set claimed_at = ?", Timestamp.from(entry.acceptedAt()));

        read();

        assertThat(differences()).singleElement().satisfies(difference -> assertThat(difference)
                .containsEntry("kind", "charged_without_job")
                .containsEntry("prediction_id", entry.predictionId())
                .containsEntry("job_id", job));
        assertThat(jobs.attempts(job).getFirst().get("charged_usd")).isNull();

        jobs.execute(
                "update attempt set status = 'accepted', prediction_id = ?, charged_usd = price_usd",
                entry.predictionId());
        read();

        assertThat(differences()).singleElement().satisfies(difference -> assertThat(difference.get("resolved_at"))
                .isNotNull());
        assertThat(usd("select sum(charged_usd) from attempt"))
                .isEqualByComparingTo(simulator.totals().chargedUsd());
    }

    static Stream<FaultRule> brokenAnswers() {
        return Stream.of(
                        FaultRule.once(FaultPhase.BEFORE_ACCEPT, Answer.of(500)),
                        FaultRule.once(FaultPhase.BEFORE_ACCEPT, Answer.of(429)),
                        FaultRule.once(FaultPhase.BEFORE_ACCEPT, new Answer(200, Body.HTML, null, null, null)),
                        FaultRule.once(FaultPhase.BEFORE_ACCEPT, new Answer(502, Body.HTML, null, null, null)),
                        FaultRule.once(FaultPhase.BEFORE_ACCEPT, new FaultAction.Drop(true)),
                        FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Cut(null)),
                        FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.CutJson()),
                        FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.NullData()),
                        FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Envelope(500, true)))
                .map(rule -> rule.endpoint("billing"));
    }

    @ParameterizedTest
    @MethodSource("brokenAnswers")
    void shouldCatchUpWhenTheBillCouldNotBeReadForAWhile(FaultRule broken) throws Exception {
        jobs.musicInBulk(5);
        jobs.await(5, "succeeded");
        jobs.execute("update attempt set charged_usd = null");
        simulator.order(broken.times(2 * TRIES));

        assertThat(step(reader)).isEqualTo(Pass.BROKEN_OFF);
        assertThat(step(readers.another())).isEqualTo(Pass.BROKEN_OFF);
        assertThat(jobs.row("select read_at from bill_cursor").get("read_at")).isNull();

        read();

        assertOursEqualsLedger();
        assertThat(jobs.row("select read_at from bill_cursor").get("read_at")).isNotNull();
    }

    @Test
    void shouldCatchUpPageByPageAfterAnOutageOfHours() throws Exception {
        jobs.musicInBulk(130);
        jobs.await(130, "succeeded");
        others(900);
        simulator.turnClock(Duration.ofHours(6));
        jobs.musicInBulk(130);
        jobs.await(260, "succeeded");
        // Half of all questions are not answered: passes are broken off, and what they have read is kept.
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, Answer.of(500))
                .endpoint("billing")
                .rate(0.5));

        int passes = 1;
        while (step(readers.another()) != Pass.READ) {
            passes++;
            assertThat(passes).isLessThan(200);
        }

        assertThat(jobs.row("select count(*) from bill_row")).containsEntry("count", 1160L);
        assertOursEqualsLedger();
    }

    @Test
    void shouldGoOnFromTheCursorAfterARestart() throws Exception {
        jobs.musicInBulk(350);
        jobs.await(350, "succeeded");
        simulator.turnClock(Duration.ofHours(1));
        jobs.musicInBulk(10);
        jobs.await(360, "succeeded");
        read();
        assertThat(simulator.stats().requests().get("billing")).isEqualTo(4);
        jobs.musicInBulk(30);
        jobs.await(390, "succeeded");

        assertThat(step(readers.another())).isEqualTo(Pass.READ);

        assertThat(simulator.stats().requests().get("billing")).isEqualTo(5);
        assertOursEqualsLedger();
    }

    @Test
    void shouldWriteNothingTwiceWhenTwoWorkersReadAtOnce() throws Exception {
        simulator.order(FaultRule.once(FaultPhase.PREDICTION, new FaultAction.Fail(1401, null))
                .rate(0.1));
        jobs.musicInBulk(300);
        awaitEnded(300);
        simulator.turnClock(Duration.ofHours(2));
        List<BillReader> both = List.of(reader, readers.another());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 5; round++) {
                jobs.execute("update bill_cursor set due_at = now()");
                List<Future<Pass>> passes = threads.invokeAll(
                        both.stream().map(one -> (Callable<Pass>) one::step).toList());
                assertThat(List.of(passes.get(0).get(), passes.get(1).get()))
                        .as("one of them reads")
                        .containsExactlyInAnyOrder(Pass.READ, Pass.NOT_DUE);
            }
        }

        assertOursEqualsLedger();
        assertNothingDiffers();
        assertThat(jobs.row("select count(*) from bill_row where kind = 'deduct'"))
                .containsEntry("count", simulator.totals().accepted());
    }

    @Test
    void shouldDropWhatItReadWhenItsLeaseWasTakenMeanwhile() throws Exception {
        jobs.musicInBulk(20);
        jobs.await(20, "succeeded");
        jobs.execute("update attempt set charged_usd = null");
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, new FaultAction.Pass())
                .endpoint("billing")
                .untilReleased());
        jobs.execute("update bill_cursor set due_at = now()");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Pass> slow = threads.submit(reader::step);
            Awaiting.until(
                    "the slow one reads", () -> simulator.faults().getFirst().struck() == 1);
            assertThat(jobs.execute(
                            "update bill_cursor set lease_until = now() - interval '1 s' where holder is not null"))
                    .isEqualTo(1);
            assertThat(readers.another().step()).isEqualTo(Pass.READ);

            simulator.release();
            assertThat(slow.get()).isEqualTo(Pass.LEASE_LOST);
        }
        assertOursEqualsLedger();
        assertThat(jobs.row("select holder is null as free from bill_cursor")).containsEntry("free", true);
    }

    @Test
    void shouldRepeatHarmlesslyWhenConnectionsAreEndedUnderWay() throws Exception {
        jobs.musicInBulk(300);
        jobs.await(300, "succeeded");
        jobs.execute("update attempt set charged_usd = null");
        simulator.order(FaultRule.once(FaultPhase.BEFORE_ACCEPT, new FaultAction.Pass())
                .endpoint("billing")
                .times(4)
                .delay(Duration.ofMillis(300)));
        jobs.execute("update bill_cursor set due_at = now()");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Pass> pass = threads.submit(readers.another()::step);
            Awaiting.until("a page is written", () -> !jobs.rows("select 1 from bill_row limit 1")
                    .isEmpty());
            Servers.postgres().endConnections(databaseUrl);
            Awaiting.until("the reader has ended, well or not", pass::isDone);
        }

        Awaiting.until("the bill is read to its end", () -> {
            jobs.execute("update bill_cursor set holder = null, lease_until = null");
            return step(reader) == Pass.READ;
        });

        assertOursEqualsLedger();
        assertNothingDiffers();
    }
}
