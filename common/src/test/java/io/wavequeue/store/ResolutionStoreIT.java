package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.job.BulkDecision;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.ResolutionStatus;
import io.wavequeue.job.SkipReason;
import io.wavequeue.job.SubmitDecision;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.ResolutionSteps.Step;
import io.wavequeue.store.ResolutionStore.ChangeResult;
import io.wavequeue.store.ResolutionStore.Progress;
import io.wavequeue.store.view.JobFilter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ResolutionStoreIT {
    private static final JobError ERROR = new JobError(ErrorClass.UNCERTAIN_SUBMISSION, "nobody knows", false);

    private StoreFixture store;
    private ResolutionStore resolutions;
    private DecisionStore decisions;
    private ResolutionSteps steps;

    @BeforeEach
    void fresh() {
        store = new StoreFixture();
        resolutions = new ResolutionStore(store.database);
        decisions = new DecisionStore(store.database, store.transitions, InstantSource.system());
        steps = new ResolutionSteps(store.database, decisions);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<UUID> uncertain(int count) {
        List<ClaimedJob> claimed = store.claims
                .claim(store.worker, store.fences.next(), count, store.ready(count))
                .claimed();
        store.transitions.apply(claimed.stream()
                .map(job -> new Transition(
                        job.jobId(),
                        job.fence(),
                        JobStatus.SUBMITTING,
                        new Next.Uncertain(ERROR),
                        new AttemptChange.Uncertain(ERROR, Instant.now()),
                        Instant.now()))
                .toList());
        assertThat(claimed).hasSize(count);
        return claimed.stream().map(ClaimedJob::jobId).sorted().toList();
    }

    private void candidate(UUID job, String prediction) {
        store.execute("insert into candidate (job_id, attempt, prediction_id) values ('%s', 1, '%s')"
                .formatted(job, prediction));
    }

    private UUID create(BulkDecision decision) {
        return create(decision, JobFilter.ALL);
    }

    private UUID create(BulkDecision decision, JobFilter filter) {
        UUID id = UUID.randomUUID();
        resolutions.create(id, decision, filter, null, progress -> new Idempotency.Answer(202, "/", "{}"));
        return id;
    }

    private Progress progress(UUID id) {
        return resolutions.find(id).orElseThrow();
    }

    private Progress carriedOut(UUID id) {
        while (steps.next(100).isPresent()) {}
        return progress(id);
    }

    private Map<UUID, String> statuses() {
        Map<UUID, String> statuses = new HashMap<>();
        store.texts("select id || ' ' || status from job")
                .forEach(row -> statuses.put(UUID.fromString(row.substring(0, 36)), row.substring(37)));
        return statuses;
    }

    @Test
    void shouldDecideAboutTheJobsThatWereUncertainWhenItWasMade() {
        List<UUID> chosen = uncertain(3);
        UUID id = create(BulkDecision.RESUBMIT);
        UUID later = uncertain(1).getFirst();

        assertThat(progress(id))
                .isEqualTo(new Progress(
                        id,
                        BulkDecision.RESUBMIT,
                        ResolutionStatus.PLANNED,
                        3,
                        0,
                        Map.of(),
                        new BigDecimal("0.065100"),
                        Map.of("uncertain_submission", 3)));

        Progress done = carriedOut(id);

        assertThat(done.status()).isEqualTo(ResolutionStatus.DONE);
        assertThat(done.resolved()).isEqualTo(3);
        assertThat(done.skipped()).isEmpty();
        assertThat(statuses()).containsEntry(later, "uncertain");
        assertThat(chosen).allSatisfy(job -> assertThat(store.status(job)).isEqualTo("queued"));
        assertThat(store.text(
                        "select distinct a.status || ' ' || a.error_class from attempt a join job j on j.id = a.job_id"
                                + " where j.status = 'queued'"))
                .as("each may have been charged")
                .isEqualTo("failed uncertain_submission");
        assertThat(store.text("select committed_usd from budget_day")).isEqualTo("0.086800");
    }

    @Test
    void shouldKeepNothingOfAPlan() {
        uncertain(2);

        Progress plan = resolutions.plan(UUID.randomUUID(), BulkDecision.ABANDON, JobFilter.ALL);

        assertThat(plan.matched()).isEqualTo(2);
        assertThat(plan.estimatedUsd()).isEqualByComparingTo("0");
        assertThat(store.text("select (select count(*) from resolution) + (select count(*) from resolution_item)"))
                .isEqualTo("0");
        assertThat(steps.next(10)).isEmpty();
    }

    @Test
    void shouldSkipWhatIsNoLongerInDoubtOrInDoubtAnew() {
        List<UUID> jobs = uncertain(4);
        UUID id = create(BulkDecision.ABANDON);
        decisions.decide(jobs.get(0), new SubmitDecision.Adopt("p-found"));
        store.cancels.cancel(jobs.get(1));
        store.execute("update attempt set number = 2 where job_id = '%s'".formatted(jobs.get(2)));
        store.execute("update job set attempt = 2, version = version + 1 where id = '%s'".formatted(jobs.get(2)));

        Progress done = carriedOut(id);

        assertThat(done.resolved()).isEqualTo(2);
        assertThat(done.skipped()).isEqualTo(Map.of(SkipReason.ALREADY_RESOLVED, 1, SkipReason.CHANGED, 1));
        assertThat(statuses())
                .containsEntry(jobs.get(0), "running")
                .containsEntry(jobs.get(1), "cancelled")
                .containsEntry(jobs.get(2), "uncertain")
                .containsEntry(jobs.get(3), "failed");
    }

    @Test
    void shouldAdoptOnlyWhereOneCandidateIsTheJobsAlone() {
        List<UUID> jobs = uncertain(7);
        candidate(jobs.get(0), "p-own");
        candidate(jobs.get(2), "p-one");
        candidate(jobs.get(2), "p-two");
        candidate(jobs.get(3), "p-shared");
        candidate(jobs.get(4), "p-shared");
        candidate(jobs.get(5), "p-taken");
        candidate(jobs.get(5), "p-left");
        decisions.decide(jobs.get(6), new SubmitDecision.Adopt("p-taken"));
        UUID id = create(BulkDecision.ADOPT);

        Progress done = carriedOut(id);

        assertThat(done.matched()).isEqualTo(6);
        assertThat(done.resolved()).isEqualTo(2);
        assertThat(done.skipped())
                .isEqualTo(Map.of(
                        SkipReason.NO_CANDIDATE, 1,
                        SkipReason.SEVERAL_CANDIDATES, 1,
                        SkipReason.CANDIDATE_SHARED, 2));
        assertThat(store.texts("select prediction_id from attempt where prediction_id is not null order by 1"))
                .containsExactly("p-left", "p-own", "p-taken");
        assertThat(done.estimatedUsd()).isEqualByComparingTo("0");
    }

    @Test
    void shouldGoOnInAnotherProcessWhereTheFirstOneDied() {
        uncertain(5);
        UUID id = create(BulkDecision.ABANDON);
        assertThat(steps.next(2))
                .hasValueSatisfying(step -> assertThat(step.resolved()).hasSize(2));
        assertThat(progress(id).status()).isEqualTo(ResolutionStatus.RUNNING);

        ResolutionSteps another = new ResolutionSteps(store.database, decisions);
        while (another.next(2).isPresent()) {}

        assertThat(progress(id).resolved()).isEqualTo(5);
        assertThat(store.text("select count(*) from event where status = 'failed'"))
                .isEqualTo("5");
    }

    @Test
    void shouldLeaveNothingHalfDoneWhenAChunkBreaksOff() {
        uncertain(3);
        UUID id = create(BulkDecision.ABANDON);
        // The jobs are changed before the items are marked: this breaks it in between.
        store.execute("""
                create function broken() returns trigger language plpgsql as $$
                begin
                  raise exception 'broken off';
                end $$""");
        store.execute(
                "create trigger broken before update on resolution_item for each statement execute function broken()");

        assertThatThrownBy(() -> steps.next(10)).hasMessageContaining("broken off");
        assertThat(statuses().values()).containsOnly("uncertain");

        store.execute("drop trigger broken on resolution_item");
        assertThat(carriedOut(id).resolved()).isEqualTo(3);
        assertThat(statuses().values()).containsOnly("failed");
    }

    @Test
    void shouldChangeEachJobOnceWhenManyCarryItOutAtOnce() throws Exception {
        uncertain(120);
        UUID id = create(BulkDecision.RESUBMIT);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> all = threads.invokeAll(Collections.nCopies(4, () -> {
                int resolved = 0;
                while (progress(id).status() != ResolutionStatus.DONE) {
                    resolved +=
                            steps.next(7).map(step -> step.resolved().size()).orElse(0);
                }
                return resolved;
            }));
            int resolved = 0;
            for (Future<Integer> one : all) {
                resolved += one.get();
            }
            assertThat(resolved).isEqualTo(120);
        }

        assertThat(progress(id).resolved()).isEqualTo(120);
        assertThat(store.text("select count(*) from event where status = 'queued' and previous_status = 'uncertain'"))
                .isEqualTo("120");
    }

    @Test
    void shouldChangeNothingWhilePausedAndAfterAnAbort() {
        uncertain(6);
        UUID id = create(BulkDecision.ABANDON);
        steps.next(2);

        assertThat(resolutions.change(id, ResolutionStatus.PAUSED)).isEqualTo(ChangeResult.CHANGED);
        assertThat(resolutions.change(id, ResolutionStatus.PAUSED)).isEqualTo(ChangeResult.CHANGED);
        assertThat(steps.next(2)).isEmpty();
        assertThat(resolutions.change(id, ResolutionStatus.RUNNING)).isEqualTo(ChangeResult.CHANGED);
        Optional<Step> step = steps.next(2);
        assertThat(step).hasValueSatisfying(it -> assertThat(it.resolved()).hasSize(2));
        assertThat(resolutions.change(id, ResolutionStatus.ABORTED)).isEqualTo(ChangeResult.CHANGED);
        assertThat(steps.next(2)).isEmpty();

        assertThat(progress(id).resolved()).isEqualTo(4);
        assertThat(progress(id).skipped()).isEqualTo(Map.of(SkipReason.ABORTED, 2));
        assertThat(resolutions.change(id, ResolutionStatus.RUNNING)).isEqualTo(ChangeResult.ENDED);
        assertThat(resolutions.change(UUID.randomUUID(), ResolutionStatus.PAUSED))
                .isEqualTo(ChangeResult.UNKNOWN);
    }

    /** The list's filter is HQL, this one SQL: each of its conditions has to leave out what it should. */
    @Test
    void shouldMatchByEveryFieldOfTheFilter() {
        List<UUID> jobs = uncertain(2);
        UUID wanted = jobs.getFirst();
        UUID batch = UUID.randomUUID();
        store.execute("""
                update job set model = 'other', batch_id = '%s', reference = 'ref', error_class = 'provider_timeout',
                               created_at = '2026-01-31T18:30:00Z' where id = '%s'""".formatted(batch, wanted));
        store.execute("update job_payload set labels = '{\"scene\":\"forest\",\"a\":\"b\"}' where job_id = '%s'"
                .formatted(wanted));
        store.transitions.apply(List.of(new Transition(
                jobs.getLast(),
                Long.parseLong(store.text("select fence from job where id = '" + jobs.getLast() + "'")),
                JobStatus.UNCERTAIN,
                new Next.Held(HoldReason.UNCERTAIN_SUBMISSION, ERROR),
                new AttemptChange.StillUncertain(ERROR),
                Instant.now())));
        Instant at = Instant.parse("2026-01-31T18:30:00Z");

        for (JobFilter filter : List.of(
                JobFilter.builder()
                        .statuses(EnumSet.of(JobStatus.UNCERTAIN, JobStatus.FAILED))
                        .build(),
                JobFilter.builder().model("other").build(),
                JobFilter.builder().batchId(batch).build(),
                JobFilter.builder().reference("ref").build(),
                JobFilter.builder().errorClass(ErrorClass.PROVIDER_TIMEOUT).build(),
                JobFilter.builder().labels(Map.of("scene", "forest")).build(),
                JobFilter.builder()
                        .created(at.minusSeconds(1), at.plusSeconds(1))
                        .build())) {
            UUID id = create(BulkDecision.ABANDON, filter);
            assertThat(store.texts("select job_id from resolution_item where resolution_id = '" + id + "'"))
                    .as(filter.toString())
                    .containsExactly(wanted.toString());
        }
        for (JobFilter filter : List.of(
                JobFilter.builder().created(at, at.plusSeconds(1)).build(),
                JobFilter.builder().created(null, at).build(),
                JobFilter.builder().statuses(EnumSet.of(JobStatus.QUEUED)).build(),
                JobFilter.builder().labels(Map.of("scene", "forest", "a", "c")).build())) {
            assertThat(progress(create(BulkDecision.ABANDON, filter)).matched())
                    .as(filter.toString())
                    .isZero();
        }
        assertThat(progress(create(BulkDecision.ABANDON)).byErrorClass())
                .isEqualTo(Map.of("provider_timeout", 1, "uncertain_submission", 1));
    }
}
