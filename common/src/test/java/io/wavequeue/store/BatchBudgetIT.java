package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.BillRow;
import io.wavequeue.job.BillRow.Kind;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.job.Transition.Observation;
import io.wavequeue.store.BillStore.Lease;
import io.wavequeue.store.BillStore.Patience;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a batch may cost is never exceeded, and what is not covered waits until it is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BatchBudgetIT {
    private static final JobError ERROR = JobError.of(ErrorClass.PROVIDER_ERROR, "it broke");
    private static final Patience PATIENCE = new Patience(Duration.ofHours(3), Duration.ofMinutes(10));

    /** What the attempts of a batch commit, by the rule itself. */
    private static final String BY_ATTEMPTS = """
            select coalesce(sum(case
                                  when a.status in ('refused', 'not_created') then 0
                                  when a.status in ('completed', 'failed')
                                    then coalesce(a.charged_usd, a.reserved_usd) - coalesce(a.refunded_usd, 0)
                                  else a.reserved_usd
                                end), 0)
            from attempt a
            join job j on j.id = a.job_id
            where j.batch_id = '%s'
            """;

    private final StoreFixture store = new StoreFixture();

    @BeforeEach
    void fresh() {
        store.empty();
    }

    @AfterAll
    void close() {
        store.close();
    }

    private List<ClaimedJob> claim(int capacity, List<Candidate> candidates) {
        return store.claims
                .claim(store.worker, store.fences.next(), capacity, candidates)
                .claimed();
    }

    private void apply(ClaimedJob job, JobStatus expected, Next next, AttemptChange attempt) {
        Transition change = new Transition(job.jobId(), job.fence(), expected, next, attempt, Instant.now());
        assertThat(store.transitions.apply(List.of(change))).hasSize(1);
    }

    private void refuse(ClaimedJob job) {
        apply(job, JobStatus.SUBMITTING, new Next.Failed(ERROR), new AttemptChange.Refused(ERROR, Instant.now()));
    }

    private void accept(ClaimedJob job) {
        apply(
                job,
                JobStatus.SUBMITTING,
                new Next.Running(),
                new AttemptChange.Accepted(job.jobId().toString(), Instant.now()));
    }

    private void bill(ClaimedJob job, Kind kind, String usd) {
        BillStore bill = new BillStore(store.database);
        store.execute("update bill_cursor set due_at = now()");
        Lease lease = bill.lease(UUID.randomUUID(), Duration.ofMinutes(3)).orElseThrow();
        BillRow row = new BillRow(
                UUID.randomUUID().toString(),
                job.jobId().toString(),
                "m",
                kind,
                new BigDecimal(usd),
                Instant.now(),
                true);
        bill.keep(lease, List.of(row), Instant.now(), PATIENCE);
        bill.release(lease, Duration.ZERO);
    }

    private void budget(UUID batch, @Nullable String usd) {
        assertThat(store.stops.budget(batch, usd == null ? null : new BigDecimal(usd)))
                .isTrue();
    }

    private String committed(UUID batch) {
        return store.text("select committed_usd from batch where id = '" + batch + "'");
    }

    private String jobs(String status) {
        return store.text("select count(*) from job where status = '" + status + "'");
    }

    @Test
    void shouldNeverBeOverByAMicroDollarWhenEightClaimAtOnce() throws Exception {
        UUID batch = store.batch(100, "1.00");
        List<Candidate> out = store.dispatched();
        int claimers = 8;
        CyclicBarrier start = new CyclicBarrier(claimers);
        Callable<Integer> claimer = () -> {
            start.await();
            int refused = 0;
            for (int from = 0; from < 100; from += 5) {
                List<ClaimedJob> claimed = claim(3, out.subList(from, from + 5));
                if (refused < 2 && !claimed.isEmpty()) {
                    refuse(claimed.getFirst());
                    refused++;
                }
            }
            return refused;
        };

        int refused = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(claimers)) {
            List<Future<Integer>> results = new ArrayList<>();
            IntStream.range(0, claimers).forEach(i -> results.add(threads.submit(claimer)));
            while (!results.stream().allMatch(Future::isDone)) {
                assertThat(new BigDecimal(store.text(BY_ATTEMPTS.formatted(batch))))
                        .isLessThanOrEqualTo(BigDecimal.ONE);
            }
            for (Future<Integer> result : results) {
                refused += result.get();
            }
        }
        assertThat(refused).isPositive();
        assertThat(committed(batch)).isEqualTo(store.text(BY_ATTEMPTS.formatted(batch)));

        store.followed();
        claim(100, store.dispatched());
        assertThat(jobs("submitting")).isEqualTo("46");
        assertThat(jobs("failed")).isEqualTo(Integer.toString(refused));
        assertThat(committed(batch))
                .isEqualTo("0.998200")
                .isEqualTo(store.text(BY_ATTEMPTS.formatted(batch)))
                .isEqualTo(store.text("select sum(committed_usd) from budget_day"));
    }

    @Test
    void shouldHoldWhatIsNotCoveredAndLetItGoWhenTheBudgetIsRaised() {
        UUID batch = store.batch(6, "0.05");
        List<Candidate> out = store.dispatched();
        store.enqueueInto(batch, 4, StoreFixture.PRICE);

        assertThat(claim(10, out.subList(0, 3))).hasSize(2);
        assertThat(store.text("select error_message from job where status = 'held'"))
                .isEqualTo(
                        "budget: USD 0.0434 of the budget of USD 0.05 of batch %s are committed and this job needs 0.0217; raise budget_usd to at least 0.0651 by PATCH /v1/batches/%s"
                                .formatted(batch, batch));
        assertThat(store.followed()).isEqualTo(7);
        assertThat(
                        store.texts(
                                "select distinct concat_ws(' ', status, hold_reason, error_class, held_by_batch) from job where status <> 'submitting'"))
                .containsExactly("held budget budget t");
        assertThat(claim(10, out)).isEmpty();
        assertThat(store.holds.follow(100)).isZero();

        budget(batch, "0.11");
        assertThat(store.followed()).isEqualTo(3);
        assertThat(claim(10, store.dispatched())).hasSize(3);
        assertThat(committed(batch)).isEqualTo("0.108500");
        budget(batch, null);
        assertThat(store.followed()).isEqualTo(5);
        assertThat(claim(10, store.dispatched())).hasSize(5);
    }

    @Test
    void shouldHoldAnUnknownPriceUntilThereIsNoBudget() {
        UUID batch = store.batch(1, "5");
        store.enqueueInto(batch, 1, null);

        assertThat(claim(10, store.dispatched())).hasSize(1);
        assertThat(store.text("select error_message from job where status = 'held'"))
                .contains("this job has no known price");
        budget(batch, "10000");
        assertThat(store.followed()).isZero();
        budget(batch, null);
        assertThat(store.followed()).isEqualTo(1);
        assertThat(claim(10, store.dispatched())).hasSize(1);
    }

    @Test
    void shouldLetAJobGoWhenMoneyComesBack() {
        UUID batch = store.batch(3, "0.0434");
        List<ClaimedJob> claimed = claim(10, store.dispatched());
        assertThat(claimed).hasSize(2);
        assertThat(store.followed()).isZero();

        refuse(claimed.getFirst());
        assertThat(store.followed()).isEqualTo(1);
        ClaimedJob third = claim(10, store.dispatched()).getFirst();
        assertThat(committed(batch)).isEqualTo("0.043400");

        accept(third);
        store.enqueueInto(batch, 1, StoreFixture.PRICE);
        assertThat(claim(10, store.dispatched())).isEmpty();
        apply(third, JobStatus.RUNNING, new Next.Failed(ERROR), ended());
        assertThat(store.followed()).isZero();
        bill(third, Kind.DEDUCT, "0.0217");
        bill(third, Kind.REFUND, "0.0217");
        assertThat(committed(batch)).isEqualTo("0.021700");
        assertThat(store.followed()).isEqualTo(1);
    }

    private static AttemptChange ended() {
        return new AttemptChange.Ended(ERROR, new Observation(1, null, null));
    }

    @Test
    void shouldCommitAsTheDayDoesWhateverBecomesOfTheAttempts() {
        UUID batch = store.batch(5, null);
        List<ClaimedJob> jobs = claim(5, store.dispatched());
        assertThat(committed(batch)).isEqualTo("0.108500");

        refuse(jobs.get(0));
        apply(jobs.get(1), JobStatus.SUBMITTING, new Next.Queued(Duration.ZERO), new AttemptChange.Removed(true));
        apply(
                jobs.get(2),
                JobStatus.SUBMITTING,
                new Next.Uncertain(ERROR),
                new AttemptChange.Uncertain(ERROR, Instant.now()));
        apply(jobs.get(2), JobStatus.UNCERTAIN, new Next.Failed(ERROR), new AttemptChange.NotCreated(ERROR));
        accept(jobs.get(3));
        apply(jobs.get(3), JobStatus.RUNNING, new Next.Failed(ERROR), ended());
        bill(jobs.get(3), Kind.DEDUCT, "0.03");
        bill(jobs.get(3), Kind.REFUND, "0.01");

        assertThat(committed(batch))
                .isEqualTo("0.041700")
                .isEqualTo(store.text(BY_ATTEMPTS.formatted(batch)))
                .isEqualTo(store.text("select sum(committed_usd) from budget_day"));
        assertThat(store.follows.due()).isEmpty();
    }

    @Test
    void shouldAskTheDaysBudgetToo() {
        UUID batch = store.batch(3, "0.05");
        store.limits(null, null, "0.03");

        assertThat(claim(10, store.dispatched())).hasSize(1);
        assertThat(store.texts("select held_by_batch from job where status = 'held' order by 1"))
                .containsExactly("f", "f");
        store.limits(null, null, null);
        assertThat(store.holds.follow(100)).isEqualTo(2);
        assertThat(claim(10, store.dispatched())).hasSize(1);
        assertThat(committed(batch)).isEqualTo("0.043400");
    }

    /** What is queued has the first call on what is left; what it leaves is looked for again. */
    @Test
    void shouldLeaveTheMoneyToWhatIsQueued() {
        UUID batch = store.batch(1, "1");
        store.enqueueInto(batch, 1, new BigDecimal("1.5"));
        assertThat(claim(10, store.dispatched())).hasSize(1);
        assertThat(jobs("held")).isEqualTo("1");
        store.enqueueInto(batch, 10, StoreFixture.PRICE);

        budget(batch, "1.6");
        store.execute("update batch set follow_at = now() - interval '1 day'");
        assertThat(store.followed()).isZero();
        assertThat(store.text("select follow_at > now() - interval '1 hour' from batch"))
                .isEqualTo("t");
        store.execute("update job set reserve_usd = 0.001 where status = 'queued'");
        store.execute("update batch set follow_at = now()");
        assertThat(store.followed()).isEqualTo(1);
    }
}
