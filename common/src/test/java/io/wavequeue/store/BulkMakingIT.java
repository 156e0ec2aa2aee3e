package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.BatchStop;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Lane;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.CancelStore.CancelResult;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.view.JobFilter;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What others do while a bulk operation is being made, which takes seconds where it is about 100,000 jobs. */
class BulkMakingIT {
    private final StoreFixture store = StoreFixture.impatient();

    @AfterEach
    void close() {
        store.close();
    }

    private ClaimedJob submitting(List<Candidate> dispatched) {
        return store.claims
                .claim(store.worker, store.fences.next(), 1, dispatched)
                .claimed()
                .getFirst();
    }

    private void running(ClaimedJob job) {
        Instant now = Instant.now();
        store.transitions.apply(List.of(new Transition(
                job.jobId(),
                job.fence(),
                JobStatus.SUBMITTING,
                new Next.Running(),
                new AttemptChange.Accepted("p-1", now),
                now)));
    }

    @Test
    void shouldKeepNobodyFromTheJobsThatAHoldIsToBeAbout() {
        ClaimedJob submitting = submitting(store.ready(1));
        ClaimedJob orphan = submitting(store.ready(1));
        UUID cancelled = store.enqueue(1, Lane.INTERACTIVE).getFirst();
        UUID fresh = store.enqueue(1, Lane.BULK).getFirst();

        store.chosen(BulkChoice.of(BulkKind.HOLD, JobFilter.builder().build()), () -> {
            assertThat(store.dispatched())
                    .extracting(candidate -> candidate.jobId())
                    .contains(fresh);
            running(submitting);
            assertThat(store.cancels.cancel(cancelled)).isEqualTo(CancelResult.CANCELLED);
            store.heartbeats.stopped(store.worker);
            assertThat(store.workers.doubt(store.fences.next(), 10)).containsExactly(orphan.jobId());
            store.accounts.hold(HoldReason.PAUSED, "for a look");
            assertThat(store.holds.follow(10)).isEqualTo(1);
        });

        assertThat(store.text("select count(*) from resolution_item")).isEqualTo("4");
        assertThat(store.status(submitting.jobId())).isEqualTo("running");
        assertThat(store.status(fresh)).isEqualTo("held");
    }

    @Test
    void shouldOpenABatchAgainThatIsToBecomeWhole() {
        UUID batch = store.batch(1, null);
        running(submitting(store.dispatched()));
        store.stops.change(batch, BatchStop.CANCELLED);
        store.followed();

        store.chosen(BulkChoice.missing(batch));

        assertThat(store.text("select stop is null and follow_at is not null from batch"))
                .isEqualTo("t");
        assertThat(store.text("select cancel_requested from job")).isEqualTo("f");
    }

    @Test
    void shouldLeaveStoppedWhatSomebodyStopsMeanwhile() {
        UUID batch = store.batch(2, null);

        store.chosen(BulkChoice.missing(batch), () -> store.stops.change(batch, BatchStop.CANCELLED));

        assertThat(store.text("select stop from batch")).isEqualTo("cancelled");
    }

    /** Then nothing goes on that was to. */
    @Test
    void shouldLetNothingGoWhenSomebodyStopsTheBatchAtTheLastMoment() {
        UUID batch = store.batch(2, null);
        store.stops.change(batch, BatchStop.PAUSED);

        store.chosen(BulkChoice.missing(batch), () -> {}, () -> store.stops.change(batch, BatchStop.CANCELLED));

        assertThat(store.text("select stop from batch")).isEqualTo("cancelled");
        assertThat(store.texts("select resumed || ' ' || (done_at is null) from resolution_item"))
                .containsExactly("true true", "true true");
    }

    /** Of a batch that is paused; its jobs are items of the replay. */
    @Test
    void shouldKnowWhatSomebodyCancelsMeanwhile() {
        UUID batch = store.batch(2, null);
        store.stops.change(batch, BatchStop.PAUSED);
        List<UUID> jobs = store.texts("select id from job order by id").stream()
                .map(UUID::fromString)
                .toList();
        store.execute(
                "update job set status = 'held', hold_reason = 'paused', held_by_batch = true, held_by_person = true, dispatch_at = null,"
                        + " version = version + 1 where id = '" + jobs.getLast() + "'");

        store.chosen(BulkChoice.missing(batch), () -> jobs.forEach(store.cancels::cancel));

        assertThat(store.texts("select j.status || ' ' || i.live from resolution_item i join job j on j.id = i.job_id"))
                .containsExactly("cancelled true", "cancelled true");
    }

    /** What was queued when its batch was cancelled is cancelled by and by: that is no wish of anybody's that it stay so. */
    @Test
    void shouldBringBackWhatFollowsACancelledBatchMeanwhile() {
        UUID batch = store.batch(1, null);
        store.stops.change(batch, BatchStop.CANCELLED);

        store.chosen(BulkChoice.missing(batch), store::followed);

        assertThat(store.texts("select j.status || ' ' || i.live from resolution_item i join job j on j.id = i.job_id"))
                .containsExactly("cancelled false");
    }

    @Test
    void shouldLeaveCancelledWhatSomebodyCancelsMeanwhile() {
        UUID batch = store.batch(1, null);
        ClaimedJob job = submitting(store.dispatched());
        running(job);

        store.chosen(BulkChoice.missing(batch), () -> store.cancels.cancel(job.jobId()));

        assertThat(store.text("select cancel_requested from job")).isEqualTo("t");
    }
}
