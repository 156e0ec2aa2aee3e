package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.AttemptStatus;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Lane;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.WebhookStore.Evidence;
import io.wavequeue.store.WebhookStore.Telling;
import io.wavequeue.test.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WebhookStoreIT {
    private static final JobError ERROR = JobError.of(ErrorClass.PROVIDER_ERROR, "nobody knows");

    private StoreFixture store;
    private WebhookStore webhooks;

    @BeforeEach
    void start() {
        store = new StoreFixture();
        webhooks = new WebhookStore(store.database);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<ClaimedJob> claim(List<Candidate> ready) {
        return store.claims
                .claim(store.worker, store.fences.next(), Lane.BULK, 10, ready, Caution.NONE, true)
                .claimed();
    }

    private ClaimedJob claimed() {
        return claim(store.ready(1)).getFirst();
    }

    private static UUID token(ClaimedJob job) {
        UUID token = job.webhookToken();
        if (token == null) {
            throw new AssertionError("the claim gave no token");
        }
        return token;
    }

    private boolean apply(ClaimedJob job, JobStatus expected, Next next, AttemptChange change) {
        return !store.transitions
                .apply(List.of(new Transition(job.jobId(), job.fence(), expected, next, change, Instant.now())))
                .isEmpty();
    }

    private void doubt(ClaimedJob job) {
        assertThat(apply(
                        job,
                        JobStatus.SUBMITTING,
                        new Next.Uncertain(ERROR),
                        new AttemptChange.Uncertain(ERROR, Instant.now())))
                .isTrue();
    }

    private boolean notCreated(ClaimedJob job) {
        return apply(job, JobStatus.UNCERTAIN, new Next.Queued(Duration.ZERO), new AttemptChange.NotCreated(ERROR));
    }

    private boolean adopt(ClaimedJob job, JobStatus expected, String predictionId) {
        return apply(job, expected, new Next.Running(), new AttemptChange.Accepted(predictionId, null));
    }

    @Test
    void shouldGiveEverySubmitATokenOfItsOwn() {
        List<Candidate> ready = store.ready(3);
        long fence = store.fences.next();
        List<ClaimedJob> claimed = store.claims
                .claim(store.worker, fence, Lane.BULK, 10, ready, Caution.NONE, true)
                .claimed();

        assertThat(Set.copyOf(claimed.stream().map(WebhookStoreIT::token).toList()))
                .hasSize(3);
        assertThat(store.claims.readBack(store.worker, fence)).containsExactlyInAnyOrderElementsOf(claimed);
        assertThat(store.texts("select webhook_token from attempt"))
                .containsExactlyInAnyOrderElementsOf(
                        claimed.stream().map(job -> token(job).toString()).toList());
    }

    @Test
    void shouldGiveNoneWhenWebhooksAreOff() {
        ClaimedJob job = store.claims
                .claim(store.worker, store.fences.next(), 10, store.ready(1))
                .claimed()
                .getFirst();
        assertThat(job.webhookToken()).isNull();
        assertThat(store.text("select webhook_token from attempt")).isEqualTo("null");
    }

    @Test
    void shouldDrawAnotherWhenThe429sNumberIsUsedAgain() {
        ClaimedJob first = claimed();
        assertThat(apply(first, JobStatus.SUBMITTING, new Next.Queued(Duration.ZERO), new AttemptChange.Removed(true)))
                .isTrue();
        ClaimedJob second = claim(store.dispatched()).getFirst();

        assertThat(second.attempt()).isEqualTo(first.attempt()).isEqualTo(1);
        assertThat(second.webhookToken()).isNotEqualTo(first.webhookToken());
        assertThat(webhooks.tell(token(first), "p-1")).isEqualTo(Telling.UNKNOWN_TOKEN);
        assertThat(webhooks.tell(token(second), "p-1")).isEqualTo(Telling.KEPT);
        assertThat(webhooks.tell(token(second), "p-1")).isEqualTo(Telling.KNOWN);
    }

    /** The batch waits for another job's row when the evidence comes; it must not judge by what it saw before. */
    @Test
    void shouldSeeEvidenceThatCameWhileTheChangeWaitedForARow() throws Exception {
        List<ClaimedJob> jobs = claim(store.ready(2)).stream()
                .sorted(Comparator.comparing(job -> job.jobId().toString()))
                .toList();
        jobs.forEach(this::doubt);
        List<Transition> changes = jobs.stream()
                .map(job -> new Transition(
                        job.jobId(),
                        job.fence(),
                        JobStatus.UNCERTAIN,
                        new Next.Queued(Duration.ZERO),
                        new AttemptChange.NotCreated(ERROR),
                        Instant.now()))
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Set<UUID>> applied = store.database.inTransaction(connection -> {
                try (Bind bind = Bind.of(connection, "select id from job where id = ? for update")) {
                    bind.uuid(jobs.getFirst().jobId()).rows(row -> Bind.uuid(row, "id"));
                }
                Future<Set<UUID>> waiting = threads.submit(() -> store.transitions.apply(changes));
                Patience.await("it waits for the row").until(() -> store.text("select count(*) from pg_stat_activity"
                                + " where wait_event_type = 'Lock' and datname = current_database()")
                        .equals("1"));
                assertThat(webhooks.tell(token(jobs.getLast()), "p-1")).isEqualTo(Telling.KEPT);
                return waiting;
            });

            assertThat(applied.get()).containsExactly(jobs.getFirst().jobId());
        }
    }

    @Test
    void shouldHaveWhatContradictsLookedAt() {
        ClaimedJob job = claimed();
        doubt(job);
        assertThat(notCreated(job)).isTrue();
        webhooks.tell(token(job), "p-late");

        assertThat(webhooks.contradict(webhooks.open(10).getFirst())).isTrue();

        assertThat(store.text("select prediction_id || ' ' || reason || ' ' || model from lookout"))
                .isEqualTo("p-late unassigned m");
    }

    @Test
    void shouldSayNothingOfASubmitUnderWayAndThenEverything() {
        ClaimedJob job = claimed();
        webhooks.tell(token(job), "p-1");
        assertThat(webhooks.open(10)).isEmpty();

        doubt(job);

        Evidence evidence = webhooks.open(10).getFirst();
        assertThat(evidence)
                .isEqualTo(new Evidence(
                        token(job),
                        "p-1",
                        job.jobId(),
                        1,
                        JobStatus.UNCERTAIN,
                        job.fence(),
                        AttemptStatus.UNCERTAIN,
                        null,
                        false));
        assertThat(adopt(job, JobStatus.UNCERTAIN, "p-1")).isTrue();
        assertThat(webhooks.open(10).getFirst().attemptPredictionId()).isEqualTo("p-1");
        webhooks.forget(webhooks.open(10));
        assertThat(webhooks.open(10)).isEmpty();
        assertThat(webhooks.tell(token(job), "p-1")).isEqualTo(Telling.KNOWN);
    }

    /** Whatever somebody has read before: the history, or a person's screen. */
    @Test
    void shouldLetNothingElseBecomeOfADoubtThatAWebhookAnswered() {
        ClaimedJob job = claimed();
        doubt(job);
        webhooks.tell(token(job), "p-1");

        assertThat(notCreated(job)).isFalse();
        assertThat(apply(job, JobStatus.UNCERTAIN, new Next.Failed(ERROR), new AttemptChange.GivenUp(ERROR)))
                .isFalse();
        assertThat(adopt(job, JobStatus.UNCERTAIN, "p-2")).isFalse();
        assertThat(store.status(job.jobId())).isEqualTo("uncertain");

        assertThat(webhooks.contradict(webhooks.open(10).getFirst())).isTrue();
        assertThat(notCreated(job)).as("once it has been judged otherwise").isTrue();
    }

    @Test
    void shouldAnswerADoubtThatIsHeld() {
        ClaimedJob job = claimed();
        doubt(job);
        assertThat(apply(
                        job,
                        JobStatus.UNCERTAIN,
                        new Next.Held(HoldReason.UNCERTAIN_SUBMISSION, ERROR),
                        new AttemptChange.StillUncertain(ERROR)))
                .isTrue();
        webhooks.tell(token(job), "p-1");

        assertThat(webhooks.open(10)).singleElement().satisfies(evidence -> assertThat(evidence.jobStatus())
                .isEqualTo(JobStatus.HELD));
        assertThat(adopt(job, JobStatus.HELD, "p-1")).isTrue();
        assertThat(store.status(job.jobId())).isEqualTo("running");
    }

    @Test
    void shouldKeepAContradictionAsACandidateAndSayItOnce() {
        ClaimedJob job = claimed();
        doubt(job);
        assertThat(notCreated(job)).isTrue();
        assertThat(webhooks.tell(token(job), "p-late")).isEqualTo(Telling.KEPT);

        Evidence late = webhooks.open(10).getFirst();
        assertThat(late.attemptStatus()).isEqualTo(AttemptStatus.NOT_CREATED);
        assertThat(webhooks.contradict(late)).isTrue();
        assertThat(webhooks.contradict(late)).isFalse();
        assertThat(webhooks.open(10)).isEmpty();
        assertThat(webhooks.tell(token(job), "p-late")).as("told again").isEqualTo(Telling.KNOWN);
        assertThat(webhooks.open(10)).isEmpty();
        assertThat(store.texts("select prediction_id from candidate")).containsExactly("p-late");
    }

    /** A refusal that was none: the attempt is gone, and what was told under its token is not. */
    @Test
    void shouldKeepWhatWasToldOfAnAttemptThatIsRemoved() {
        ClaimedJob job = claimed();
        webhooks.tell(token(job), "p-1");
        apply(job, JobStatus.SUBMITTING, new Next.Queued(Duration.ZERO), new AttemptChange.Removed(true));

        Evidence evidence = webhooks.open(10).getFirst();
        assertThat(evidence.attemptStatus()).isNull();
        assertThat(webhooks.contradict(evidence)).isTrue();
    }

    @Test
    void shouldTellWhenThePredictionIsAnotherAttempts() {
        ClaimedJob first = claimed();
        ClaimedJob second = claimed();
        assertThat(apply(
                        first,
                        JobStatus.SUBMITTING,
                        new Next.Running(),
                        new AttemptChange.Accepted("p-1", Instant.now())))
                .isTrue();
        doubt(second);
        webhooks.tell(token(second), "p-1");

        assertThat(webhooks.open(10)).singleElement().satisfies(evidence -> assertThat(evidence.isAnotherAttempts())
                .isTrue());
    }
}
