package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.wavequeue.job.BulkDecision;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.BulkStatus;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.SkipReason;
import io.wavequeue.job.SubmitDecision;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.BulkSteps.Step;
import io.wavequeue.store.BulkStore.ChangeResult;
import io.wavequeue.store.BulkView.Count;
import io.wavequeue.store.BulkView.Fate;
import io.wavequeue.store.BulkView.Progress;
import io.wavequeue.store.ClaimStore.ClaimedJob;
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

class BulkResolutionIT {
    private static final JobError ERROR = new JobError(ErrorClass.UNCERTAIN_SUBMISSION, "nobody knows", false);

    private StoreFixture store;
    private BulkStore resolutions;
    private BulkView views;
    private DecisionStore decisions;
    private BulkSteps steps;

    @BeforeEach
    void fresh() {
        store = new StoreFixture();
        decisions = new DecisionStore(store.database, store.transitions, InstantSource.system());
        steps = steps();
        resolutions = new BulkStore(store.database, steps);
        views = new BulkView(store.database);
    }

    private BulkSteps steps() {
        return new BulkSteps(store.database, List.<BulkAction>of(new ResolveAction(decisions)));
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
        resolutions.create(
                order(id, decision),
                BulkChoice.of(BulkKind.RESOLUTION, filter),
                null,
                progress -> new Idempotency.Answer(202, "/", "{}"));
        return id;
    }

    private static BulkOrder order(UUID id, BulkDecision decision) {
        return new BulkOrder(
                id, BulkKind.RESOLUTION, decision, JsonNodeFactory.instance.objectNode(), null, null, null);
    }

    private static int resolved(Progress progress) {
        return jobs(progress, new Fate.Done());
    }

    private static int matched(Progress progress) {
        return progress.counts().stream().mapToInt(Count::jobs).sum();
    }

    private static int jobs(Progress progress, Fate fate) {
        return progress.counts().stream()
                .filter(count -> count.fate().equals(fate))
                .mapToInt(Count::jobs)
                .sum();
    }

    private static Map<SkipReason, Integer> skipped(Progress progress) {
        Map<SkipReason, Integer> skipped = new HashMap<>();
        for (Count count : progress.counts()) {
            if (count.fate() instanceof Fate.Skipped(SkipReason reason)) {
                skipped.merge(reason, count.jobs(), Integer::sum);
            }
        }
        return skipped;
    }

    private Progress progress(UUID id) {
        return views.find(BulkKind.RESOLUTION, id).orElseThrow();
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

        assertThat(progress(id).status()).isEqualTo(BulkStatus.PLANNED);
        assertThat(progress(id).counts())
                .containsExactly(new Count(
                        new Fate.Waiting(),
                        "uncertain_submission",
                        store.text("select distinct model from job where status = 'uncertain' limit 1"),
                        true,
                        3,
                        new BigDecimal("0.065100"),
                        0));

        Progress done = carriedOut(id);

        assertThat(done.status()).isEqualTo(BulkStatus.DONE);
        assertThat(resolved(done)).isEqualTo(3);
        assertThat(skipped(done)).isEmpty();
        assertThat(statuses()).containsEntry(later, "uncertain");
        assertThat(chosen).allSatisfy(job -> assertThat(store.status(job)).isEqualTo("queued"));
        assertThat(store.text(
                        "select distinct a.status || ' ' || a.error_class from attempt a join job j on j.id = a.job_id"
                                + " where j.status = 'queued'"))
                .as("each may have been charged")
                .isEqualTo("failed uncertain_submission");
        assertThat(store.text("select sum(committed_usd) from budget_day")).isEqualTo("0.086800");
    }

    @Test
    void shouldKeepNothingOfAPlan() {
        uncertain(2);

        Progress plan = resolutions.plan(
                order(UUID.randomUUID(), BulkDecision.ABANDON), BulkChoice.of(BulkKind.RESOLUTION, JobFilter.ALL));

        assertThat(matched(plan)).isEqualTo(2);
        assertThat(plan.counts().getFirst().usd()).isEqualByComparingTo("0");
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

        assertThat(resolved(done)).isEqualTo(2);
        assertThat(skipped(done)).isEqualTo(Map.of(SkipReason.ALREADY_RESOLVED, 1, SkipReason.CHANGED, 1));
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

        assertThat(matched(done)).isEqualTo(6);
        assertThat(resolved(done)).isEqualTo(2);
        assertThat(skipped(done))
                .isEqualTo(Map.of(
                        SkipReason.NO_CANDIDATE, 1,
                        SkipReason.SEVERAL_CANDIDATES, 1,
                        SkipReason.CANDIDATE_SHARED, 2));
        assertThat(store.texts("select prediction_id from attempt where prediction_id is not null order by 1"))
                .containsExactly("p-left", "p-own", "p-taken");
        assertThat(done.counts()).allSatisfy(count -> assertThat(count.usd()).isEqualByComparingTo("0"));
    }

    @Test
    void shouldGoOnInAnotherProcessWhereTheFirstOneDied() {
        uncertain(5);
        UUID id = create(BulkDecision.ABANDON);
        assertThat(steps.next(2))
                .hasValueSatisfying(step -> assertThat(step.changed()).hasSize(2));
        assertThat(progress(id).status()).isEqualTo(BulkStatus.RUNNING);

        BulkSteps another = steps();
        while (another.next(2).isPresent()) {}

        assertThat(resolved(progress(id))).isEqualTo(5);
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
        assertThat(store.text("select next_at > updated_at from resolution"))
                .as("others have their turn first")
                .isEqualTo("t");
        store.execute("update resolution set next_at = now()");
        assertThat(resolved(carriedOut(id))).isEqualTo(3);
        assertThat(statuses().values()).containsOnly("failed");
    }

    @Test
    void shouldChangeEachJobOnceWhenManyCarryItOutAtOnce() throws Exception {
        uncertain(120);
        UUID id = create(BulkDecision.RESUBMIT);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Integer>> all = threads.invokeAll(Collections.nCopies(4, () -> {
                int resolved = 0;
                while (progress(id).status() != BulkStatus.DONE) {
                    resolved += steps.next(7).map(step -> step.changed().size()).orElse(0);
                }
                return resolved;
            }));
            int resolved = 0;
            for (Future<Integer> one : all) {
                resolved += one.get();
            }
            assertThat(resolved).isEqualTo(120);
        }

        assertThat(resolved(progress(id))).isEqualTo(120);
        assertThat(store.text("select count(*) from event where status = 'queued' and previous_status = 'uncertain'"))
                .isEqualTo("120");
    }

    @Test
    void shouldChangeNothingWhilePausedAndAfterAnAbort() {
        uncertain(6);
        UUID id = create(BulkDecision.ABANDON);
        steps.next(2);

        assertThat(resolutions.change(BulkKind.RESOLUTION, id, BulkStatus.PAUSED))
                .isEqualTo(ChangeResult.CHANGED);
        assertThat(resolutions.change(BulkKind.RESOLUTION, id, BulkStatus.PAUSED))
                .isEqualTo(ChangeResult.CHANGED);
        assertThat(steps.next(2)).isEmpty();
        assertThat(resolutions.change(BulkKind.RESOLUTION, id, BulkStatus.RUNNING))
                .isEqualTo(ChangeResult.CHANGED);
        Optional<Step> step = steps.next(2);
        assertThat(step).hasValueSatisfying(it -> assertThat(it.changed()).hasSize(2));
        assertThat(resolutions.change(BulkKind.RESOLUTION, id, BulkStatus.ABORTED))
                .isEqualTo(ChangeResult.CHANGED);
        assertThat(steps.next(2)).isEmpty();

        assertThat(resolved(progress(id))).isEqualTo(4);
        assertThat(skipped(progress(id))).isEqualTo(Map.of(SkipReason.ABORTED, 2));
        assertThat(resolutions.change(BulkKind.RESOLUTION, id, BulkStatus.RUNNING))
                .isEqualTo(ChangeResult.ENDED);
        assertThat(resolutions.change(BulkKind.RESOLUTION, UUID.randomUUID(), BulkStatus.PAUSED))
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
            assertThat(matched(progress(create(BulkDecision.ABANDON, filter))))
                    .as(filter.toString())
                    .isZero();
        }
        assertThat(progress(create(BulkDecision.ABANDON)).counts())
                .extracting(Count::errorClass)
                .containsExactlyInAnyOrder("provider_timeout", "uncertain_submission");
    }
}
