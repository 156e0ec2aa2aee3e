package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.BillRow;
import io.wavequeue.job.BillRow.Kind;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Lane;
import io.wavequeue.job.PriceStop;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.job.Transition.Observation;
import io.wavequeue.store.BillStore.Lease;
import io.wavequeue.store.BillStore.Patience;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.PriceStopStore.AcceptResult;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The price is 0.0217; the model is m. */
class PriceStopIT {
    private static final Patience PATIENCE = new Patience(Duration.ofHours(3), Duration.ofMinutes(10));

    private StoreFixture store;
    private BillStore bill;
    private PriceStopStore prices;

    @BeforeEach
    void fresh() {
        store = new StoreFixture();
        bill = new BillStore(store.database);
        prices = new PriceStopStore(store.database);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<ClaimedJob> claim() {
        return store.claims
                .claim(store.worker, store.fences.next(), 100, store.dispatched())
                .claimed();
    }

    private void apply(ClaimedJob job, JobStatus expected, Next next, AttemptChange attempt) {
        Transition transition = new Transition(job.jobId(), job.fence(), expected, next, attempt, Instant.now());
        assertThat(store.transitions.apply(List.of(transition))).hasSize(1);
    }

    /** A job that ran under that prediction's id, and succeeded. */
    private void succeed(String prediction) {
        store.enqueue(1, Lane.BULK);
        ClaimedJob job = claim().getFirst();
        apply(job, JobStatus.SUBMITTING, new Next.Running(), new AttemptChange.Accepted(prediction, Instant.now()));
        apply(
                job,
                JobStatus.RUNNING,
                new Next.Succeeded(List.of("https://x/1.wav")),
                new AttemptChange.Ended(null, new Observation(1, null, null)));
    }

    private static BillRow row(String uuid, String prediction, Kind kind, String usd) {
        return new BillRow(uuid, prediction, "m", kind, new BigDecimal(usd), Instant.now(), true);
    }

    private void read(BillRow... rows) {
        store.execute("update bill_cursor set due_at = now()");
        Lease lease = bill.lease(UUID.randomUUID(), Duration.ofMinutes(3)).orElseThrow();
        bill.keep(lease, List.of(rows), Instant.now(), PATIENCE);
        bill.readToEnd(lease, Duration.ofMinutes(10), PATIENCE);
        bill.release(lease, Duration.ZERO);
    }

    private void charged(String prediction, String usd) {
        read(row("r-" + prediction, prediction, Kind.DEDUCT, usd));
    }

    private List<String> stopped() {
        return store.texts("select model from price_stop where lifted_at is null");
    }

    private long difference() {
        return Long.parseLong(store.text("select id from bill_difference where resolved_at is null"));
    }

    @ParameterizedTest
    @CsvSource({"0.021700,false", "0.021701,false", "0.021702,true", "0.043400,true", "0.010000,false"})
    void shouldStopTheModelWhenItIsChargedMoreThanAMicroDollarAboveItsReservation(String usd, boolean stops) {
        succeed("p");

        charged("p", usd);

        assertThat(stopped()).hasSize(stops ? 1 : 0);
        assertThat(bill.state().stoppedModels()).isEqualTo(stops ? 1 : 0);
        store.enqueue(1, Lane.BULK);
        assertThat(claim()).hasSize(stops ? 0 : 1);
    }

    @Test
    void shouldNotStopAtTheHighestReadingOfAnAmbiguousPrice() {
        store.enqueue(1, Lane.BULK);
        store.execute("update job set reserve_usd = 0.05");
        ClaimedJob job = claim().getFirst();
        apply(job, JobStatus.SUBMITTING, new Next.Running(), new AttemptChange.Accepted("p", Instant.now()));

        charged("p", "0.05");
        assertThat(stopped()).isEmpty();
        charged("p", "0.0501");
        assertThat(stopped()).containsExactly("m");
    }

    @Test
    void shouldHoldWhatWaitsOfTheModelAndLetTheOthersGoOn() {
        succeed("p");
        UUID waiting = store.enqueue(1, Lane.BULK).getFirst();
        UUID another = store.enqueue(1, Lane.BULK, "other").getFirst();
        List<Candidate> sentBefore = store.dispatched();

        charged("p", "0.03255");

        assertThat(store.claims
                        .claim(store.worker, store.fences.next(), 100, sentBefore)
                        .claimed())
                .extracting(ClaimedJob::jobId)
                .containsExactly(another);
        String message =
                "budget: m was charged USD 0.03255 where USD 0.0217 was expected; none of it is submitted until a"
                        + " person accepts that price by POST /v1/costs/differences/" + difference() + "/accept";
        assertThat(store.text("select hold_reason || '|' || error_class || '|' || error_message from job where id = '"
                        + waiting + "'"))
                .isEqualTo("budget|budget|" + message);

        store.enqueue(3, Lane.INTERACTIVE);
        assertThat(store.holds.follow(2)).isEqualTo(2);
        assertThat(store.holds.follow(100)).isEqualTo(1);
        assertThat(store.holds.follow(100))
                .as("and there is no budget to release them")
                .isZero();
        assertThat(store.text("select count(*) from job where error_message = '" + message + "'"))
                .isEqualTo("4");
        assertThat(prices.announce())
                .containsExactly(
                        new PriceStop("m", difference(), new BigDecimal("0.021700"), new BigDecimal("0.032550")));
        assertThat(prices.announce()).isEmpty();
    }

    @Test
    void shouldGoOnAtTheAcceptedPriceAndStopAgainAboveIt() {
        succeed("p1");
        succeed("p2");
        charged("p1", "0.03255");
        charged("p2", "0.03");
        store.enqueue(2, Lane.BULK);
        store.holds.follow(100);
        assertThat(store.text("select count(*) from job where status = 'held'")).isEqualTo("2");

        assertThat(prices.accept(
                        Long.parseLong(store.text("select id from bill_difference where prediction_id = 'p1'"))))
                .isEqualTo(AcceptResult.ACCEPTED);

        assertThat(store.texts("select 1 from bill_difference where resolved_at is null"))
                .as("the lower one as well")
                .isEmpty();
        assertThat(stopped()).isEmpty();
        assertThat(store.holds.follow(1)).isEqualTo(1);
        assertThat(store.holds.follow(1)).as("although another is queued").isEqualTo(1);
        store.holds.follow(100);
        assertThat(store.texts("select model from price_stop"))
                .as("followed by all rows")
                .isEmpty();
        List<ClaimedJob> claimed = claim();
        assertThat(claimed).hasSize(2);
        assertThat(store.texts(
                        "select distinct price_usd || ' ' || reserved_usd from attempt where status = 'submitting'"))
                .containsExactly("0.032550 0.032550");

        apply(
                claimed.getFirst(),
                JobStatus.SUBMITTING,
                new Next.Running(),
                new AttemptChange.Accepted("p3", Instant.now()));
        apply(
                claimed.getLast(),
                JobStatus.SUBMITTING,
                new Next.Running(),
                new AttemptChange.Accepted("p4", Instant.now()));
        charged("p3", "0.0217");
        charged("p4", "0.03255");
        assertThat(store.texts("select 1 from bill_difference where resolved_at is null"))
                .as("neither the old price nor the accepted one is a difference")
                .isEmpty();
        assertThat(stopped()).isEmpty();

        charged("p4", "0.04");
        assertThat(stopped()).containsExactly("m");
        assertThat(prices.accept(difference())).isEqualTo(AcceptResult.ACCEPTED);
        assertThat(store.text("select round(factor, 4) from price_factor")).isEqualTo("1.8433");
    }

    @Test
    void shouldAcceptNothingButWhatStops() {
        succeed("p1");
        succeed("p2");
        charged("p1", "0.01");
        assertThat(prices.accept(difference())).isEqualTo(AcceptResult.STOPS_NOTHING);
        assertThat(prices.accept(999)).isEqualTo(AcceptResult.UNKNOWN);
        charged("p2", "0.04");
        long excess = Long.parseLong(store.text("select id from bill_difference where stopping_usd is not null"));
        assertThat(prices.accept(excess)).isEqualTo(AcceptResult.ACCEPTED);
        assertThat(prices.accept(excess)).isEqualTo(AcceptResult.RESOLVED);
    }

    @Test
    void shouldGoOnWhenTheExcessCameBackOrAPersonResolvedItByHand() {
        succeed("p1");
        succeed("p2");
        charged("p1", "0.04");
        read(row("back", "p1", Kind.REFUND, "0.0183"));
        assertThat(stopped()).isEmpty();
        assertThat(store.texts("select factor from price_factor")).isEmpty();

        charged("p2", "0.04");
        assertThat(stopped()).containsExactly("m");
        store.execute("update bill_difference set resolved_at = now() where resolved_at is null");
        read();
        assertThat(stopped()).isEmpty();
    }

    @Test
    void shouldAskTheBudgetAnewAtTheAcceptedPrice() {
        succeed("p");
        charged("p", "0.0434");
        store.enqueue(3, Lane.BULK);
        store.holds.follow(100);
        store.limits(null, null, "0.1302");
        prices.accept(difference());

        assertThat(store.holds.follow(100)).isEqualTo(3);
        assertThat(claim()).as("0.0434 are spent, each needs as much").hasSize(2);
        assertThat(store.holds.follow(100)).as("no to and fro").isZero();

        assertThat(store.text("select error_message from job where status = 'held'"))
                .contains("this job needs 0.043400");
        assertThat(store.text("select sum(committed_usd) from budget_day")).isEqualTo("0.130200");
    }
}
