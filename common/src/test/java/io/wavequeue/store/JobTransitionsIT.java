package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.job.Transition.Observation;
import io.wavequeue.store.CancelStore.CancelResult;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobTransitionsIT {
    private static final JobError ERROR = JobError.of(ErrorClass.PROVIDER_ERROR, "it broke");
    private static final Observation SEEN = new Observation(3, 900, 120);

    private StoreFixture store;
    private ClaimedJob job;

    @BeforeEach
    void claimed() {
        store = new StoreFixture();
        job = store.claims
                .claim(store.worker, store.fences.next(), 10, store.ready(1))
                .claimed()
                .getFirst();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private boolean apply(JobStatus expected, Next next, AttemptChange attempt) {
        return apply(expected, next, attempt, Instant.now());
    }

    private boolean apply(JobStatus expected, Next next, AttemptChange attempt, Instant at) {
        Transition transition = new Transition(job.jobId(), job.fence(), expected, next, attempt, at);
        return !store.transitions.apply(List.of(transition)).isEmpty();
    }

    private boolean accept() {
        Instant now = Instant.now();
        return apply(
                JobStatus.SUBMITTING,
                new Next.Running(),
                new AttemptChange.Accepted("prediction-1", now.minusMillis(250)),
                now);
    }

    private String job() {
        return store.text("select concat_ws(' ', status, attempt, hold_reason, error_class) from job");
    }

    private String attempt() {
        return store.text("select concat_ws(' ', status, prediction_id, charged_usd, error_class) from attempt");
    }

    private String committed() {
        return store.text("select sum(committed_usd) from budget_day");
    }

    private String submits() {
        return store.text("select coalesce(sum(submits), 0) from submit_window");
    }

    @Test
    void shouldBookTheChargeWhenAcceptedAndKeepTheOutputsWhenCompleted() {
        assertThat(accept()).isTrue();
        assertThat(job()).isEqualTo("running 1");
        assertThat(attempt()).isEqualTo("accepted prediction-1 0.021700");
        assertThat(submits()).isEqualTo("1");
        assertThat(
                        store.text(
                                "select accepted_at - submitted_at between interval '249 ms' and interval '251 ms' from attempt"))
                .isEqualTo("t");

        assertThat(apply(
                        JobStatus.RUNNING,
                        new Next.Succeeded(List.of("https://cdn/a.wav", "https://cdn/b.wav")),
                        new AttemptChange.Ended(null, SEEN)))
                .isTrue();
        assertThat(job()).isEqualTo("succeeded 1");
        assertThat(store.text("select concat_ws(' ', status, polls, inference_ms, detect_ms) from attempt"))
                .isEqualTo("completed 3 900 120");
        assertThat(store.texts("select number || ' ' || url from output order by number"))
                .containsExactly("0 https://cdn/a.wav", "1 https://cdn/b.wav");
        assertThat(committed()).isEqualTo("0.021700");
        assertThat(store.text("select worker_id is null and settled_at is not null from job"))
                .isEqualTo("t");
    }

    @Test
    void shouldLeaveNoAttemptAndNoReservationWhenThrottledOrUnsent() {
        apply(JobStatus.SUBMITTING, new Next.Queued(Duration.ofSeconds(30)), new AttemptChange.Removed(true));

        assertThat(job()).isEqualTo("queued 0");
        assertThat(store.text("select count(*) from attempt")).isEqualTo("0");
        assertThat(committed()).isEqualTo("0.000000");
        assertThat(submits()).isEqualTo("1");
        assertThat(store.text("select dispatch_at - updated_at from job")).isEqualTo("00:00:30");

        store.execute("update job set dispatch_at = now()");
        job = store.claims
                .claim(store.worker, store.fences.next(), 10, store.dispatched())
                .claimed()
                .getFirst();
        apply(JobStatus.SUBMITTING, new Next.Queued(Duration.ZERO), new AttemptChange.Removed(false));
        assertThat(submits()).isEqualTo("1");
    }

    @Test
    void shouldGiveTheReservationBackWhenRefused() {
        apply(JobStatus.SUBMITTING, new Next.Failed(ERROR), new AttemptChange.Refused(ERROR, Instant.now()));

        assertThat(job()).isEqualTo("failed 1 provider_error");
        assertThat(attempt()).isEqualTo("refused provider_error");
        assertThat(committed()).isEqualTo("0.000000");
    }

    @Test
    void shouldKeepTheReservationAndThePlaceWhenUncertain() {
        apply(JobStatus.SUBMITTING, new Next.Uncertain(ERROR), new AttemptChange.Uncertain(ERROR, Instant.now()));

        assertThat(job()).isEqualTo("uncertain 1 provider_error");
        assertThat(attempt()).isEqualTo("uncertain provider_error");
        assertThat(committed()).isEqualTo("0.021700");
        assertThat(store.accounts.use().inFlight()).isEqualTo(1);
        assertThat(store.accounts.use().submitsLastMinute()).isEqualTo(1);
    }

    @Test
    void shouldQueueAgainWithANewAttemptWhenAPredictionFailed() {
        accept();
        apply(JobStatus.RUNNING, new Next.Queued(Duration.ZERO), new AttemptChange.Ended(ERROR, SEEN));

        assertThat(job()).isEqualTo("queued 1 provider_error");
        assertThat(attempt()).isEqualTo("failed prediction-1 0.021700 provider_error");
        assertThat(committed()).isEqualTo("0.021700");
        ClaimedJob second = store.claims
                .claim(store.worker, store.fences.next(), 10, store.dispatched())
                .claimed()
                .getFirst();
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(job()).isEqualTo("submitting 2");
    }

    @Test
    void shouldHoldWhenTheAccountIsInTrouble() {
        JobError trouble = new JobError(ErrorClass.UNAUTHORIZED, "the key is wrong", true);
        apply(JobStatus.SUBMITTING, new Next.Held(HoldReason.UNAUTHORIZED, trouble), new AttemptChange.Removed(true));

        assertThat(job()).isEqualTo("held 0 unauthorized unauthorized");
    }

    @Test
    void shouldChangeNothingWhenTheFenceOrTheStateIsAnother() {
        Transition otherFence = new Transition(
                job.jobId(),
                job.fence() + 1,
                JobStatus.SUBMITTING,
                new Next.Running(),
                new AttemptChange.Accepted("stranger", Instant.now()),
                Instant.now());

        assertThat(store.transitions.apply(List.of(otherFence))).isEmpty();
        assertThat(apply(JobStatus.RUNNING, new Next.Failed(ERROR), new AttemptChange.Ended(ERROR, SEEN)))
                .isFalse();
        assertThat(job()).isEqualTo("submitting 1");
        assertThat(attempt()).isEqualTo("submitting");
        assertThat(submits()).isEqualTo("0");
    }

    /** Every transition that can be made, on a row in every other state, and under every wrong fence. */
    @Test
    void shouldChangeNothingWhateverTheStateWhenStateOrFenceIsNotTheExpectedOne() {
        for (JobStatus actual : JobStatus.values()) {
            put(actual);
            String before = everything();
            for (Transition wrong : allWrongFor(actual)) {
                assertThat(store.transitions.apply(List.of(wrong)))
                        .as("%s on a row that is %s", wrong, actual)
                        .isEmpty();
            }
            assertThat(everything()).isEqualTo(before);
        }
    }

    private List<Transition> allWrongFor(JobStatus actual) {
        List<Next> nexts = List.of(
                new Next.Running(),
                new Next.Uncertain(ERROR),
                new Next.Queued(Duration.ZERO),
                new Next.Held(HoldReason.UNCERTAIN_SUBMISSION, ERROR),
                new Next.Succeeded(List.of("https://cdn/a.wav")),
                new Next.Failed(ERROR));
        List<Transition> wrong = new ArrayList<>();
        for (JobStatus expected : JobStatus.values()) {
            for (Next next : nexts) {
                if (expected.mayBecome(next.status())) {
                    for (long fence : new long[] {job.fence() - 1, job.fence(), job.fence() + 1, 0, Long.MAX_VALUE}) {
                        if (expected != actual || fence != job.fence()) {
                            wrong.add(new Transition(
                                    job.jobId(),
                                    fence,
                                    expected,
                                    next,
                                    new AttemptChange.NotCreated(ERROR),
                                    Instant.now()));
                        }
                    }
                }
            }
        }
        return wrong;
    }

    private void put(JobStatus status) {
        store.execute("""
                update job
                set status = '%1$s', version = version + 1, hold_reason = case when '%1$s' = 'held' then 'paused' end,
                    dispatch_at = case when '%1$s' = 'queued' then now() end,
                    worker_id = case when '%1$s' in ('submitting', 'running') then '%2$s'::uuid end,
                    settled_at = case when %3$s then now() end,
                    error_class = 'internal', error_message = 'why', error_retryable = false
                """.formatted(status.code(), store.worker, status.isTerminal()));
    }

    private String everything() {
        return store.text("select j::text || a::text || b::text from job j, attempt a, budget_day b")
                + store.text("select count(*) from output")
                + submits();
    }

    @Test
    void shouldBecomeCancelledWhereverItWouldEndOrGoAgain() {
        assertThat(store.cancels.cancel(job.jobId())).isEqualTo(CancelResult.REQUESTED);
        assertThat(job()).isEqualTo("submitting 1");
        accept();
        assertThat(job()).isEqualTo("running 1");

        apply(JobStatus.RUNNING, new Next.Succeeded(List.of("https://cdn/a.wav")), new AttemptChange.Ended(null, SEEN));

        assertThat(job()).isEqualTo("cancelled 1");
        assertThat(store.text("select count(*) from output")).isEqualTo("1");
        assertThat(store.cancels.cancel(job.jobId())).isEqualTo(CancelResult.TOO_LATE);
    }

    @Test
    void shouldStayHeldAndInFlightWhenCancelledWhileNobodyKnowsWhetherItIsPaid() {
        apply(JobStatus.SUBMITTING, new Next.Uncertain(ERROR), new AttemptChange.Uncertain(ERROR, Instant.now()));
        assertThat(store.cancels.cancel(job.jobId())).isEqualTo(CancelResult.REQUESTED);

        apply(
                JobStatus.UNCERTAIN,
                new Next.Held(HoldReason.UNCERTAIN_SUBMISSION, ERROR),
                new AttemptChange.StillUncertain(ERROR));

        assertThat(job()).isEqualTo("held 1 uncertain_submission provider_error");
        assertThat(store.accounts.use().inFlight()).isEqualTo(1);
        apply(JobStatus.HELD, new Next.Failed(ERROR), new AttemptChange.GivenUp(ERROR));
        assertThat(job()).isEqualTo("cancelled 1 provider_error");
        assertThat(store.accounts.use().inFlight()).isZero();
    }

    @Test
    void shouldCancelAQueuedJobAtOnceAndNeverClaimIt() {
        var ready = store.ready(1);

        assertThat(store.cancels.cancel(ready.getFirst().jobId())).isEqualTo(CancelResult.CANCELLED);

        assertThat(store.status(ready.getFirst().jobId())).isEqualTo("cancelled");
        assertThat(store.claims
                        .claim(store.worker, store.fences.next(), 10, ready)
                        .claimed())
                .isEmpty();
    }

    @Test
    void shouldTellAfterALostReplyWhatWasWritten() {
        Transition running = new Transition(
                job.jobId(),
                job.fence(),
                JobStatus.SUBMITTING,
                new Next.Running(),
                new AttemptChange.Accepted("prediction-1", Instant.now()),
                Instant.now());

        assertThat(store.transitions.readBack(List.of(running))).isEmpty();
        store.transitions.apply(List.of(running));
        assertThat(store.transitions.readBack(List.of(running))).containsExactly(job.jobId());
    }

    @Test
    void shouldAdoptRunningAndDoubtSubmittingOnceTheirWorkerHasEnded() {
        accept();
        ClaimedJob submitting = store.claims
                .claim(store.worker, store.fences.next(), 10, store.ready(1))
                .claimed()
                .getFirst();
        UUID heir = UUID.randomUUID();
        store.heartbeats.register(heir, "there", 2, "test");
        assertThat(store.workers.adopt(heir, store.fences.next(), 10)).isEmpty();
        assertThat(store.workers.doubt(store.fences.next(), 10)).isEmpty();

        assertThat(store.heartbeats.declareSilent(store.worker, 7)).isFalse();
        assertThat(store.heartbeats.declareSilent(store.worker, 0)).isTrue();

        assertThat(store.heartbeats.beat(store.worker)).isFalse();
        assertThat(store.workers.adopt(heir, store.fences.next(), 10))
                .singleElement()
                .satisfies(adopted -> assertThat(adopted.predictionId()).isEqualTo("prediction-1"));
        assertThat(store.workers.doubt(store.fences.next(), 10)).containsExactly(submitting.jobId());
        assertThat(store.status(submitting.jobId())).isEqualTo("uncertain");
        assertThat(apply(JobStatus.RUNNING, new Next.Failed(ERROR), new AttemptChange.Ended(ERROR, SEEN)))
                .as("the old worker's fence is no longer the row's")
                .isFalse();
    }
}
