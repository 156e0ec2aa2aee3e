package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.LookoutReason;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.job.Transition.Observation;
import io.wavequeue.store.ArchiveStore.ArchivedFile;
import io.wavequeue.store.ArchiveStore.DueOutput;
import io.wavequeue.store.ArchiveStore.Filed;
import io.wavequeue.store.ArchiveStore.Owner;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.LookoutStore.Due;
import io.wavequeue.store.LookoutStore.End;
import io.wavequeue.store.LookoutStore.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LookoutStoreIT {
    private static final Duration EVERY = Duration.ofMinutes(10);
    private static final Duration DAY = Duration.ofDays(1);
    private static final JobError TOO_LONG = new JobError(ErrorClass.PROVIDER_TIMEOUT, "it took too long", false);
    private static final JobError DOUBT = JobError.of(ErrorClass.UNCERTAIN_SUBMISSION, "who knows");
    private static final Observation SEEN = new Observation(3, null, 120);

    private StoreFixture store;

    @BeforeEach
    void open() {
        store = new StoreFixture();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private ClaimedJob claimed(List<ClaimStore.Candidate> ready) {
        return store.claims
                .claim(store.worker, store.fences.next(), 10, ready)
                .claimed()
                .getFirst();
    }

    private void apply(ClaimedJob job, JobStatus expected, Next next, AttemptChange attempt) {
        Transition transition = new Transition(job.jobId(), job.fence(), expected, next, attempt, Instant.now());
        assertThat(store.transitions.apply(List.of(transition))).hasSize(1);
    }

    private void accept(ClaimedJob job, String prediction) {
        apply(job, JobStatus.SUBMITTING, new Next.Running(), new AttemptChange.Accepted(prediction, Instant.now()));
    }

    private ClaimedJob overdue() {
        ClaimedJob job = claimed(store.ready(1));
        accept(job, "late");
        apply(
                job,
                JobStatus.RUNNING,
                new Next.Failed(TOO_LONG),
                new AttemptChange.Unfollowed(TOO_LONG, SEEN, LookoutReason.DEADLINE));
        return job;
    }

    /** A job held as uncertain, which may have made this prediction. */
    private ClaimedJob doubtful(String prediction) {
        ClaimedJob job = claimed(store.ready(1));
        apply(job, JobStatus.SUBMITTING, new Next.Uncertain(DOUBT), new AttemptChange.Uncertain(DOUBT, Instant.now()));
        store.doubts.note(job.jobId(), 1, Map.of(prediction, Instant.now()));
        apply(
                job,
                JobStatus.UNCERTAIN,
                new Next.Held(HoldReason.UNCERTAIN_SUBMISSION, DOUBT),
                new AttemptChange.StillUncertain(DOUBT));
        return job;
    }

    private List<Due> take() {
        return store.lookouts.take(100, EVERY);
    }

    private String lookout() {
        return store.text(
                "select concat_ws(' ', prediction_id, model, reason, looks, outcome, error_class) from lookout");
    }

    private List<String> outputs() {
        return store.texts("select concat_ws(' ', number, attempt, url) from output order by job_id, number");
    }

    private DueOutput dueOutput() {
        List<DueOutput> due = store.archive.take(store.worker, 10, EVERY);
        assertThat(due).hasSize(1);
        return due.getFirst();
    }

    @Test
    void shouldBeAddedInTheStatementThatFollowsItNoLongerAndHaveItsTurnEveryTenMinutes() {
        ClaimedJob job = overdue();

        assertThat(store.text("select concat_ws(' ', status, error_class) from job"))
                .isEqualTo("failed provider_timeout");
        assertThat(store.text("select concat_ws(' ', status, polls, charged_usd) from attempt"))
                .isEqualTo("failed 3 0.021700");
        assertThat(lookout()).isEqualTo("late m deadline 0");
        assertThat(store.lookouts.waiting())
                .isEqualTo(Map.of(LookoutReason.DEADLINE, 1, LookoutReason.UNKNOWN, 0, LookoutReason.UNASSIGNED, 0));

        assertThat(take()).containsExactly(new Due("late", LookoutReason.DEADLINE, job.jobId(), Optional.empty()));
        assertThat(take()).isEmpty();
        store.execute("update lookout set look_at = look_at - interval '10 minutes'");
        assertThat(take()).hasSize(1);
        assertThat(lookout()).isEqualTo("late m deadline 2");
    }

    @Test
    void shouldOfferALateResultOfAFailedJob() {
        ClaimedJob job = overdue();
        take();

        assertThat(store.lookouts.completed("late", List.of("a", "b"), 777)).isEqualTo(2);
        assertThat(store.lookouts.completed("late", List.of("a", "b"), 777))
                .as("it has ended by then")
                .isZero();

        assertThat(lookout()).isEqualTo("late m deadline 1 completed");
        assertThat(outputs()).containsExactly("1000 1 a", "1001 1 b");
        assertThat(store.text("select concat_ws(' ', status, attempt, error_class) from job"))
                .isEqualTo("failed 1 provider_timeout");
        assertThat(store.text("select concat_ws(' ', status, inference_ms, charged_usd, error_class) from attempt"))
                .isEqualTo("completed 777 0.021700 provider_timeout");
        assertThat(store.text("select sum(committed_usd) from budget_day")).isEqualTo("0.021700");
        assertThat(store.archive.take(store.worker, 10, EVERY))
                .extracting(DueOutput::owner)
                .containsOnly(new Owner.OfJob(job.jobId(), 1));
        assertThat(take()).isEmpty();
    }

    @Test
    void shouldNotTouchTheResultOfALaterAttempt() {
        ClaimedJob job = overdue();
        store.execute("""
                update job
                set status = 'queued', settled_at = null, dispatch_at = now(), version = version + 1,
                    error_class = null, error_message = null, error_retryable = null
                """);
        ClaimedJob again = claimed(store.dispatched());
        accept(again, "in time");
        store.lookouts.completed("late", List.of("late"), null);

        apply(again, JobStatus.RUNNING, new Next.Succeeded(List.of("own")), new AttemptChange.Ended(null, SEEN));

        assertThat(again.jobId()).isEqualTo(job.jobId());
        assertThat(outputs()).containsExactly("0 2 own", "1000 1 late");
        assertThat(store.texts("select status from attempt order by number")).containsExactly("completed", "completed");
        assertThat(store.text("select concat_ws(' ', status, error_class) from job"))
                .isEqualTo("succeeded");
    }

    @Test
    void shouldKeepWhatTheProviderSaysWhenItFails() {
        overdue();

        store.lookouts.failed("late", JobError.of(ErrorClass.MODERATED, "no"), 5);

        assertThat(lookout()).isEqualTo("late m deadline 0 failed moderated");
        assertThat(take()).isEmpty();
    }

    @Test
    void shouldEndWhenTheProviderHasForgottenIt() {
        overdue();
        store.execute("update lookout set made_at = now() - interval '7 days'");

        assertThat(take()).singleElement().satisfies(due -> assertThat(due.end())
                .contains(End.EXPIRED));

        assertThat(lookout()).isEqualTo("late m deadline 0 expired");
        assertThat(take()).isEmpty();
    }

    @Test
    void shouldEndWhenItIsUnknownForADayInARow() {
        overdue();

        assertThat(store.lookouts.unknown("late", DAY)).isFalse();
        store.execute("update lookout set unknown_since = unknown_since - interval '23 hours'");
        assertThat(store.lookouts.unknown("late", DAY)).isFalse();
        store.lookouts.open("late");
        assertThat(store.lookouts.unknown("late", DAY)).as("known in between").isFalse();
        store.execute("update lookout set unknown_since = unknown_since - interval '25 hours'");
        assertThat(store.lookouts.unknown("late", DAY)).isTrue();

        assertThat(lookout()).isEqualTo("late m deadline 0 unknown");
    }

    @Test
    void shouldBeOneWorkersTurnAtATime() throws InterruptedException {
        store.execute("""
                insert into lookout (prediction_id, model, reason, made_at)
                select 'p' || n, 'm', 'unassigned', now() from generate_series(1, 200) n
                """);
        List<String> taken = Collections.synchronizedList(new ArrayList<>());
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            workers.add(Thread.ofVirtual().start(() -> {
                List<Due> due = store.lookouts.take(7, EVERY);
                while (!due.isEmpty()) {
                    due.forEach(one -> taken.add(one.predictionId()));
                    due = store.lookouts.take(7, EVERY);
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }

        assertThat(taken).doesNotHaveDuplicates().hasSize(200);
    }

    @Test
    void shouldBeLeftToWhoeverFollowsItWhenAnAttemptHasIt() {
        ClaimedJob job = doubtful("candidate");
        apply(job, JobStatus.HELD, new Next.Running(), new AttemptChange.Accepted("candidate", null));

        assertThat(take())
                .containsExactly(
                        new Due("candidate", LookoutReason.UNASSIGNED, job.jobId(), Optional.of(End.FOLLOWED)));

        apply(
                job,
                JobStatus.RUNNING,
                new Next.Failed(TOO_LONG),
                new AttemptChange.Unfollowed(TOO_LONG, SEEN, LookoutReason.UNKNOWN));
        assertThat(take()).containsExactly(new Due("candidate", LookoutReason.UNKNOWN, job.jobId(), Optional.empty()));
    }

    @Test
    void shouldDeliverFromTheArchiveWhatAPersonAdoptsLater() {
        ClaimedJob job = doubtful("candidate");
        assertThat(take()).containsExactly(new Due("candidate", LookoutReason.UNASSIGNED, null, Optional.empty()));
        store.lookouts.completed("candidate", List.of("made"), 42);
        ArchivedFile file = new ArchivedFile("unassigned/candidate_0.wav", "audio/wav", 10, "ab");
        DueOutput nobodys = dueOutput();
        assertThat(nobodys.owner()).isEqualTo(new Owner.OfPrediction("candidate"));
        assertThat(nobodys.fetched()).isNull();
        store.archive.archived(List.of(new Filed(nobodys, file)), false);
        assertThat(store.lookouts.found(Duration.ZERO)).isEmpty();

        apply(job, JobStatus.HELD, new Next.Running(), new AttemptChange.Accepted("candidate", null));
        assertThat(store.lookouts.found(Duration.ofSeconds(30)))
                .as("left to whoever follows it")
                .isEmpty();
        assertThat(store.lookouts.found(Duration.ZERO))
                .containsExactly(new Found(job.jobId(), job.fence(), List.of("made"), 42));
        apply(job, JobStatus.RUNNING, new Next.Succeeded(List.of("made")), new AttemptChange.Ended(null, SEEN));

        DueOutput ours = dueOutput();
        assertThat(ours.owner()).isEqualTo(new Owner.OfJob(job.jobId(), 1));
        assertThat(ours.fetched()).isEqualTo(file);
        store.archive.archived(List.of(new Filed(ours, file)), false);
        assertThat(store.text("select count(*) from event where archived")).isEqualTo("1");
        assertThat(store.lookouts.found(Duration.ZERO)).isEmpty();
    }

    @Test
    void shouldNotBeAddedForACandidateThatAnAttemptHas() {
        accept(claimed(store.ready(1)), "taken");

        doubtful("taken");

        assertThat(store.text("select count(*) from candidate")).isEqualTo("1");
        assertThat(store.text("select count(*) from lookout")).isEqualTo("0");
    }
}
