package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.HoldReason;
import io.wavequeue.job.Lane;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimResult;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClaimStoreIT {
    private StoreFixture store;

    @BeforeEach
    void fresh() {
        store = new StoreFixture();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void letTheClockStandStill() {
        store.close();
        store = StoreFixture.withTurnedClock();
    }

    private ClaimResult claim(int capacity, List<Candidate> candidates) {
        return store.claims.claim(store.worker, store.fences.next(), capacity, candidates);
    }

    @Test
    void shouldWriteSubmittingAndTheAttemptBeforeAnythingIsSent() {
        List<Candidate> ready = store.ready(1);

        ClaimedJob job = claim(10, ready).claimed().getFirst();

        assertThat(job.attempt()).isEqualTo(1);
        assertThat(job.input()).isEqualTo("{\"prompt\":\"0\"}");
        assertThat(store.text("select status || ' ' || attempt || ' ' || fence from job"))
                .isEqualTo("submitting 1 " + job.fence());
        assertThat(store.text("select status || ' ' || reserved_usd || ' ' || price_usd from attempt"))
                .isEqualTo("submitting 0.021700 0.021700");
        assertThat(store.text("select sum(committed_usd) from budget_day")).isEqualTo("0.021700");
    }

    @Test
    void shouldClaimNoMoreThanCapacityInFlightAndMinuteAllow() {
        List<Candidate> ready = store.ready(10);
        store.limits(5, 7, null);

        assertThat(claim(3, ready).claimed()).hasSize(3);
        ClaimResult second = claim(10, ready.subList(3, 10));
        assertThat(second.claimed()).hasSize(2);
        assertThat(second.waiting()).hasSize(5);

        store.limits(100, 7, null);
        assertThat(claim(10, second.waiting()).claimed()).hasSize(2);
        assertThat(claim(10, second.waiting()).claimed()).isEmpty();
    }

    @Test
    void shouldCountASubmitUntilAMinuteAfterItsReply() {
        letTheClockStandStill();
        List<Candidate> ready = store.ready(2);
        store.limits(1, 100, null);
        store.execute(
                "insert into submit_window (second, submits) values (date_trunc('second', now()) - interval '59 s', 1)");

        assertThat(claim(10, ready).claimed()).isEmpty();

        store.execute("update submit_window set second = second - interval '4 s'");
        assertThat(claim(10, ready).claimed()).hasSize(1);
    }

    @Test
    void shouldClaimNothingForOldRecordsOrSecondOnes() {
        List<Candidate> ready = store.ready(1);
        Candidate good = ready.getFirst();
        Candidate oldDispatch = new Candidate(good.jobId(), good.attempt(), good.dispatchNo() - 1);
        Candidate oldAttempt = new Candidate(good.jobId(), good.attempt() + 1, good.dispatchNo());

        assertThat(claim(10, List.of(oldDispatch, oldAttempt)).claimed()).isEmpty();
        assertThat(claim(10, List.of(good, good)).claimed()).hasSize(1);
        assertThat(claim(10, List.of(good)).claimed()).isEmpty();
        assertThat(store.text("select count(*) from attempt")).isEqualTo("1");
    }

    @Test
    void shouldClaimNothingWhileTheAccountIsHeldOrThrottled() {
        List<Candidate> ready = store.ready(1);

        store.accounts.hold(HoldReason.PAUSED, "a person paused it");
        assertThat(claim(10, ready)).isEqualTo(new ClaimResult(List.of(), ready));
        store.accounts.resume();
        store.accounts.throttle(Duration.ofMinutes(1), null);
        assertThat(claim(10, ready).claimed()).isEmpty();
        store.accounts.resume();
        assertThat(claim(10, ready).claimed()).hasSize(1);
    }

    @Test
    void shouldHoldExactlyWhatTheBudgetDoesNotCover() {
        List<Candidate> ready = store.ready(5);
        store.limits(null, null, "0.0651");

        ClaimResult result = claim(10, ready);

        assertThat(result.claimed()).hasSize(3);
        assertThat(result.waiting()).isEmpty();
        assertThat(store.texts("select hold_reason || ' ' || error_class from job where status = 'held'"))
                .containsExactly("budget budget", "budget budget");
        assertThat(store.text("select sum(committed_usd) from budget_day")).isEqualTo("0.065100");

        assertThat(store.holds.follow(100)).isZero();
        store.limits(null, null, "0.0868");
        assertThat(store.holds.follow(100)).isEqualTo(1);
        assertThat(claim(10, store.dispatched()).claimed()).hasSize(1);
        store.limits(null, null, null);
        assertThat(store.holds.follow(100)).isEqualTo(1);
    }

    @Test
    void shouldNeverExceedLimitsOrClaimTwiceWhenManyClaimAtOnce() throws Exception {
        List<Candidate> ready = store.ready(200);
        store.limits(1_000, 60, "2.00");
        List<Callable<List<ClaimedJob>>> claimers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int from = (i * 37) % 150;
            claimers.add(() -> claim(7, ready.subList(from, from + 50)).claimed());
        }

        Set<UUID> claimed = new HashSet<>();
        int count = 0;
        for (List<ClaimedJob> jobs : all(claimers)) {
            for (ClaimedJob job : jobs) {
                count++;
                claimed.add(job.jobId());
            }
        }

        assertThat(count).isEqualTo(60).isEqualTo(claimed.size());
        assertThat(store.text("select count(*) from attempt where status = 'submitting'"))
                .isEqualTo("60");
        assertThat(store.text("select sum(committed_usd) from budget_day")).isEqualTo("1.302000");
    }

    @Test
    void shouldReadBackWhatAClaimTookWhenItsReplyWasLost() {
        List<Candidate> ready = store.ready(2);
        long fence = store.fences.next();
        List<ClaimedJob> claimed =
                store.claims.claim(store.worker, fence, 10, ready).claimed();

        assertThat(store.claims.readBack(store.worker, fence)).containsExactlyInAnyOrderElementsOf(claimed);
        assertThat(store.claims.readBack(store.worker, fence + 1)).isEmpty();
    }

    @Test
    void shouldTellWhichJobsAreNotInThisDatabase() {
        UUID here = store.ready(1).getFirst().jobId();
        UUID stranger = UUID.randomUUID();

        assertThat(store.claims.unknown(List.of(here, stranger))).containsExactly(stranger);
    }

    @Test
    void shouldDispatchInteractiveFirstWithinTheWindowAndAgainWithGrowingDelays() {
        store.enqueue(5, Lane.BULK);
        List<UUID> interactive = store.enqueue(2, Lane.INTERACTIVE);
        store.execute("update job set max_attempts = 1 where lane = 'interactive'");

        List<DispatchStore.DueJob> first = store.dispatch.take((account, lately) -> 4, 100, StoreFixture.SEND_AGAIN);
        assertThat(first).hasSize(6);
        assertThat(first.subList(0, 2)).extracting(DispatchStore.DueJob::id).containsAll(interactive);
        assertThat(first)
                .extracting(DispatchStore.DueJob::maxAttempts)
                .as("as the rows have it")
                .containsExactly(1, 1, 3, 3, 3, 3);
        assertThat(store.dispatch.take((account, lately) -> 4, 100, StoreFixture.SEND_AGAIN))
                .isEmpty();
        store.execute("insert into submit_window (second, submits) values (date_trunc('second', now()), 5)");
        assertThat(store.dispatch.take((account, lately) -> lately, 100, StoreFixture.SEND_AGAIN))
                .hasSize(1);

        store.execute("update job set dispatch_at = now() where sends > 0");
        List<DispatchStore.DueJob> again = store.dispatch.take((account, lately) -> 6, 100, StoreFixture.SEND_AGAIN);
        assertThat(again).hasSize(7).allSatisfy(job -> assertThat(job.dispatchNo())
                .isEqualTo(2));
        assertThat(
                        store.text(
                                "select count(*) from job where sends = 2 and dispatch_at between now() + interval '61 s' and now() + interval '121 s'"))
                .isEqualTo("7");
        assertThat(store.dispatch.sendAllAgain()).isEqualTo(7);
        assertThat(store.dispatch.take((account, lately) -> 100, 100, StoreFixture.SEND_AGAIN))
                .hasSize(7);
    }

    @Test
    void shouldDispatchNothingAndLetTheRowsFollowWhileTheAccountIsPaused() {
        store.enqueue(5, Lane.BULK);
        store.accounts.hold(HoldReason.PAUSED, "a person paused it");

        assertThat(store.dispatched()).isEmpty();
        assertThat(store.holds.follow(3)).isEqualTo(3);
        assertThat(store.holds.follow(3)).isEqualTo(2);
        assertThat(store.texts("select distinct hold_reason from job where status = 'held'"))
                .containsExactly("paused");
        store.accounts.resume();
        assertThat(store.holds.follow(100)).isEqualTo(5);
        assertThat(store.dispatched()).hasSize(5);
    }

    private static <T> List<T> all(List<Callable<T>> work) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(work)) {
                results.add(result.get());
            }
            return results;
        }
    }
}
