package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.BatchStop;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Lane;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.job.Transition.Observation;
import io.wavequeue.store.BatchStopStore.StopResult;
import io.wavequeue.store.BatchStore.Counts;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.test.Patience;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A batch is stopped by one row; its jobs' rows follow. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BatchStopIT {
    private static final JobError ERROR = JobError.of(ErrorClass.PROVIDER_ERROR, "it broke");

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

    private void stop(UUID batch, @Nullable BatchStop stop) {
        assertThat(store.stops.change(batch, stop)).isEqualTo(StopResult.CHANGED);
    }

    private Counts counts(UUID batch) {
        return store.batches.find(batch).orElseThrow().counts();
    }

    private List<String> states(UUID batch) {
        return store.texts(
                "select concat_ws(' ', count(*), status, hold_reason, case when held_by_batch then 'by batch' end) from job where batch_id = '"
                        + batch + "' group by status, hold_reason, held_by_batch order by status, hold_reason");
    }

    private static Counts queued(long queued) {
        return new Counts(queued, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    private static Counts held(long held) {
        return new Counts(0, 0, 0, 0, held, 0, 0, 0, 0);
    }

    private static Counts cancelled(long cancelled) {
        return new Counts(0, 0, 0, 0, 0, 0, 0, cancelled, 0);
    }

    @Test
    void shouldSubmitNothingOfAPausedBatchAndAllOfItOnceItIsResumed() {
        UUID batch = store.batch(3, null);
        List<Candidate> out = store.dispatched();
        store.enqueueInto(batch, 2, StoreFixture.PRICE);
        UUID other = store.batch(1, null);

        stop(batch, BatchStop.PAUSED);

        assertThat(counts(batch)).isEqualTo(held(5));
        assertThat(claim(10, out)).isEmpty();
        assertThat(store.dispatch.take((account, lately) -> 100, 100, StoreFixture.SEND_AGAIN))
                .extracting(DispatchStore.DueJob::batchId)
                .containsExactly(other);
        store.execute("update job set dispatch_at = now() where sends > 0 and batch_id = '" + batch + "'");
        assertThat(store.dispatched()).isEmpty();
        assertThat(store.followed()).isEqualTo(5);
        assertThat(states(batch)).containsExactly("5 held paused by batch");
        assertThat(store.text("select distinct error_message from job where status = 'held'"))
                .isEqualTo("paused: batch %s is paused by a person; POST /v1/batches/%s/resume lets it go on"
                        .formatted(batch, batch));
        assertThat(counts(batch)).isEqualTo(held(5));

        stop(batch, null);
        assertThat(store.followed()).isEqualTo(5);
        assertThat(counts(batch)).isEqualTo(queued(5));
        assertThat(claim(10, store.dispatched())).hasSize(5);
    }

    @Test
    void shouldKeepABatchPausedWhateverTheAccountDoes() {
        UUID batch = store.batch(2, null);
        stop(batch, BatchStop.PAUSED);
        store.followed();
        store.enqueue(1, Lane.BULK);

        store.accounts.hold(HoldReason.PAUSED, "a person paused it");
        assertThat(store.holds.follow(100)).isEqualTo(1);
        store.accounts.resume();
        assertThat(store.holds.follow(100)).isEqualTo(1);
        assertThat(states(batch)).containsExactly("2 held paused by batch");

        store.accounts.hold(HoldReason.PAUSED, "a person paused it");
        stop(batch, null);
        store.followed();
        assertThat(store.holds.follow(100)).isEqualTo(3);
        assertThat(states(batch)).containsExactly("2 held paused");
        stop(batch, BatchStop.PAUSED);
        store.followed();
        store.accounts.resume();
        store.holds.follow(100);
        assertThat(store.dispatched()).hasSize(1);
        assertThat(store.followed()).isEqualTo(2);
        assertThat(states(batch)).containsExactly("2 held paused by batch");
    }

    @Test
    void shouldEndWhatWaitsAndFollowWhatIsPaidWhenABatchIsCancelled() {
        UUID batch = store.batch(6, null);
        List<ClaimedJob> claimed = claim(3, store.dispatched());
        ClaimedJob running = claimed.get(0);
        ClaimedJob doubtful = claimed.get(1);
        apply(running, JobStatus.SUBMITTING, new Next.Running(), new AttemptChange.Accepted("p", Instant.now()));
        apply(
                doubtful,
                JobStatus.SUBMITTING,
                new Next.Uncertain(ERROR),
                new AttemptChange.Uncertain(ERROR, Instant.now()));
        apply(
                doubtful,
                JobStatus.UNCERTAIN,
                new Next.Held(HoldReason.UNCERTAIN_SUBMISSION, ERROR),
                new AttemptChange.StillUncertain(ERROR));
        stop(batch, BatchStop.PAUSED);
        store.follows.follow(batch, 2);

        stop(batch, BatchStop.CANCELLED);

        Counts after = new Counts(0, 1, 0, 1, 1, 0, 0, 3, 0);
        assertThat(counts(batch)).isEqualTo(after);
        assertThat(store.followed()).isEqualTo(6);
        assertThat(counts(batch)).isEqualTo(after);
        assertThat(
                        store.texts(
                                "select concat_ws(' ', count(*), status, cancel_requested) from job group by status, cancel_requested order by status"))
                .containsExactly("3 cancelled t", "1 held t", "1 running t", "1 submitting t");
        assertThat(store.text("select count(*) from event where status = 'cancelled'"))
                .isEqualTo("3");

        apply(
                running,
                JobStatus.RUNNING,
                new Next.Succeeded(List.of("https://cdn/a.wav")),
                new AttemptChange.Ended(null, new Observation(1, null, null)));
        apply(claimed.get(2), JobStatus.SUBMITTING, new Next.Queued(Duration.ZERO), new AttemptChange.Removed(true));
        assertThat(counts(batch)).isEqualTo(new Counts(0, 0, 0, 0, 1, 0, 0, 5, 0));
        assertThat(store.text("select url from output")).isEqualTo("https://cdn/a.wav");
        assertThat(store.batches.find(batch).orElseThrow().status()).isEqualTo("cancelled");
    }

    @Test
    void shouldHoldOrEndWhatComesBackToTheQueueOfAStoppedBatch() {
        UUID batch = store.batch(2, null);
        List<ClaimedJob> claimed = claim(2, store.dispatched());
        stop(batch, BatchStop.PAUSED);
        assertThat(store.followed()).isZero();
        assertThat(store.follows.due()).isEmpty();

        apply(
                claimed.getFirst(),
                JobStatus.SUBMITTING,
                new Next.Queued(Duration.ZERO),
                new AttemptChange.Removed(true));
        assertThat(store.dispatched()).isEmpty();
        assertThat(counts(batch)).isEqualTo(new Counts(0, 1, 0, 0, 1, 0, 0, 0, 0));
        assertThat(store.followed()).isEqualTo(1);
        assertThat(states(batch)).containsExactly("1 held paused by batch", "1 submitting");

        stop(batch, BatchStop.CANCELLED);
        store.followed();
        store.enqueueInto(batch, 1, StoreFixture.PRICE);
        assertThat(store.dispatched()).isEmpty();
        assertThat(store.followed()).isEqualTo(1);
        assertThat(states(batch)).containsExactly("2 cancelled", "1 submitting");
    }

    @Test
    void shouldClaimNothingWhenThePauseIsCommittedWhileTheClaimWaits() throws SQLException {
        UUID batch = store.batch(2, null);
        List<Candidate> out = store.dispatched();
        try (Connection pausing = store.connection();
                Statement statement = pausing.createStatement()) {
            pausing.setAutoCommit(false);
            statement.execute("update batch set stop = 'paused', follow_at = now() where id = '" + batch + "'");
            CompletableFuture<List<ClaimedJob>> claim = waiting(() -> claim(10, out));
            pausing.commit();
            assertThat(claim.join()).isEmpty();
        }
        assertThat(store.text("select count(*) from attempt")).isEqualTo("0");
    }

    @Test
    void shouldPauseAfterTheClaimThatIsUnderWay() throws SQLException {
        UUID batch = store.batch(2, null);
        List<Candidate> out = store.dispatched();
        try (Connection claiming = store.connection();
                Statement statement = claiming.createStatement()) {
            claiming.setAutoCommit(false);
            statement.execute("select id from batch where id = '" + batch + "' for update");
            CompletableFuture<StopResult> pause = waiting(() -> store.stops.change(batch, BatchStop.PAUSED));
            claiming.commit();
            assertThat(pause.join()).isEqualTo(StopResult.CHANGED);
        }
        assertThat(claim(10, out)).isEmpty();
    }

    /** Runs it in a thread of its own, which now waits for a lock. */
    private <T> CompletableFuture<T> waiting(Supplier<T> work) {
        CompletableFuture<T> result = CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
        Patience.await("it waits for the row").until(() -> store.text(
                        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
                .equals("1"));
        return result;
    }

    @Test
    void shouldTellWhatIsNotToBeChangedAnyMore() {
        UUID batch = store.batch(1, null);
        assertThat(store.stops.change(UUID.randomUUID(), BatchStop.PAUSED)).isEqualTo(StopResult.UNKNOWN);
        assertThat(store.stops.change(batch, null)).isEqualTo(StopResult.UNCHANGED);
        stop(batch, BatchStop.PAUSED);
        assertThat(store.stops.change(batch, BatchStop.PAUSED)).isEqualTo(StopResult.UNCHANGED);
        stop(batch, BatchStop.CANCELLED);
        store.followed();
        assertThat(Stream.of(BatchStop.CANCELLED, BatchStop.PAUSED).map(stop -> store.stops.change(batch, stop)))
                .containsExactly(StopResult.UNCHANGED, StopResult.ENDED);
        assertThat(store.stops.change(batch, null)).isEqualTo(StopResult.ENDED);

        UUID done = store.batch(1, null);
        ClaimedJob job = claim(1, store.dispatched()).getFirst();
        apply(job, JobStatus.SUBMITTING, new Next.Failed(ERROR), new AttemptChange.Refused(ERROR, Instant.now()));
        assertThat(store.stops.change(done, BatchStop.CANCELLED)).isEqualTo(StopResult.ENDED);
    }

    @Test
    void shouldTakeEffectAtOnceHoweverManyJobsThereAre() {
        UUID batch = UUID.randomUUID();
        store.execute("insert into batch (id, lane, jobs, estimated_usd, unknown_price) values ('" + batch
                + "', 'bulk', 10000, 1, 0)");
        store.execute("""
                insert into job (id, status, model, lane, batch_id, max_attempts, dispatch_at)
                select gen_random_uuid(), 'queued', 'm', 'bulk', '%s', 3, now()
                from generate_series(1, 10000)
                """.formatted(batch));

        stop(batch, BatchStop.PAUSED);
        assertThat(store.text("select count(*) from job where status = 'queued'"))
                .isEqualTo("10000");
        assertThat(store.dispatched()).isEmpty();
        assertThat(counts(batch)).isEqualTo(held(10_000));

        assertThat(store.follows.follow(batch, 100)).isEqualTo(100);
        stop(batch, BatchStop.CANCELLED);
        assertThat(counts(batch)).isEqualTo(cancelled(10_000));
        assertThat(store.followed()).isEqualTo(10_000);
        assertThat(states(batch)).containsExactly("10000 cancelled");
        assertThat(store.follows.due()).isEmpty();
    }
}
