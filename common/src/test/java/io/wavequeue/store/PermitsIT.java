package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Pace;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.job.Transition.Observation;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimResult;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The account's limits and its pace, by the database's clock, which is turned by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PermitsIT {
    private static final JobError ERROR = JobError.of(ErrorClass.PROVIDER_ERROR, "it broke");

    private final StoreFixture store = StoreFixture.withTurnedClock();
    private UUID worker = store.worker;

    @BeforeEach
    void fresh() {
        store.execute("delete from job");
        store.execute("delete from submit_window");
        store.accounts.resume();
        store.limits(null, null, null);
        worker = anotherWorker();
    }

    @AfterAll
    void close() {
        store.close();
    }

    private List<ClaimedJob> claim(UUID by, int capacity, List<Candidate> candidates) {
        return store.claims.claim(by, store.fences.next(), capacity, candidates).claimed();
    }

    private List<ClaimedJob> claim(List<Candidate> candidates) {
        return claim(worker, 1_000, candidates);
    }

    private UUID anotherWorker() {
        UUID another = UUID.randomUUID();
        store.heartbeats.register(another, "there", 2, "test");
        return another;
    }

    private void turn(long seconds) {
        store.turn(Duration.ofSeconds(seconds));
    }

    private static Transition accepted(ClaimedJob job, Instant at) {
        return new Transition(
                job.jobId(),
                job.fence(),
                JobStatus.SUBMITTING,
                new Next.Running(),
                new AttemptChange.Accepted("prediction of " + job.jobId(), at),
                at);
    }

    private void accept(List<ClaimedJob> jobs) {
        assertThat(store.transitions.apply(
                        jobs.stream().map(job -> accepted(job, Instant.now())).toList()))
                .hasSameSizeAs(jobs);
    }

    private void refuseFor429(List<ClaimedJob> jobs) {
        store.transitions.apply(jobs.stream()
                .map(job -> new Transition(
                        job.jobId(),
                        job.fence(),
                        JobStatus.SUBMITTING,
                        new Next.Queued(Duration.ofSeconds(1)),
                        new AttemptChange.Removed(true),
                        Instant.now()))
                .toList());
    }

    private void complete(List<ClaimedJob> jobs) {
        store.transitions.apply(jobs.stream()
                .map(job -> new Transition(
                        job.jobId(),
                        job.fence(),
                        JobStatus.RUNNING,
                        new Next.Succeeded(List.of("https://cdn/a.wav")),
                        new AttemptChange.Ended(null, new Observation(1, null, null)),
                        Instant.now()))
                .toList());
    }

    /** A submit's minute, as the provider may count it, begins anywhere between grant and reply: here at either end. */
    @Test
    void shouldNeverExceedAnySlidingMinuteAndUseNearlyAllOfItWhenManyClaimAtOnce() throws Exception {
        int limit = 60;
        int minutes = 2;
        store.limits(limit, null, null);
        List<Candidate> ready = store.ready(limit * minutes * 2);
        List<UUID> workers = List.of(worker, anotherWorker(), anotherWorker());
        int[] granted = new int[minutes * 60];
        List<ClaimedJob> underWay = List.of();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int second = 0; second < granted.length; second++) {
                turn(1);
                accept(underWay);
                List<Callable<List<ClaimedJob>>> claims = workers.stream()
                        .<Callable<List<ClaimedJob>>>map(each -> () -> claim(each, 7, ready))
                        .toList();
                underWay = new ArrayList<>();
                for (Future<List<ClaimedJob>> claimed : threads.invokeAll(claims)) {
                    underWay.addAll(claimed.get());
                }
                granted[second] = underWay.size();
            }
        }

        for (int from = 0; from + 61 <= granted.length; from++) {
            assertThat(IntStream.range(from, from + 61).map(i -> granted[i]).sum())
                    .as("granted, and counted by the provider at once or a second later, from second %d on", from)
                    .isLessThanOrEqualTo(limit);
        }
        assertThat(IntStream.of(granted).sum()).isGreaterThanOrEqualTo(limit * minutes * 95 / 100);
    }

    @Test
    void shouldKeepADeadWorkersSlotsAndItsMinuteUntilThereIsEvidence() {
        store.limits(5, 5, null);
        List<Candidate> ready = store.ready(10);
        List<ClaimedJob> lost = claim(ready);
        assertThat(lost).hasSize(5);
        UUID other = anotherWorker();

        turn(90);
        assertThat(claim(other, 10, ready)).isEmpty();

        store.heartbeats.stopped(worker);
        assertThat(store.workers.doubt(store.fences.next(), 10)).hasSize(5);
        turn(90);
        assertThat(claim(other, 10, ready))
                .as("the minute is over, the places are held")
                .isEmpty();

        ClaimedJob proved = lost.getFirst();
        assertThat(store.transitions.apply(List.of(new Transition(
                        proved.jobId(),
                        Long.parseLong(store.text("select fence from job where id = '" + proved.jobId() + "'")),
                        JobStatus.UNCERTAIN,
                        new Next.Queued(Duration.ofHours(1)),
                        new AttemptChange.NotCreated(ERROR),
                        Instant.now()))))
                .hasSize(1);
        assertThat(claim(other, 10, ready)).hasSize(1);
    }

    @Test
    void shouldCountADeadWorkersSubmitsForAMinuteAfterItWasFoundDead() {
        store.limits(5, 100, null);
        List<Candidate> ready = store.ready(10);
        claim(ready);
        UUID other = anotherWorker();
        turn(600);
        assertThat(claim(other, 10, ready)).isEmpty();
        store.heartbeats.stopped(worker);
        store.workers.doubt(store.fences.next(), 10);

        turn(60);
        assertThat(claim(other, 10, ready)).isEmpty();
        turn(1);
        assertThat(claim(other, 10, ready)).hasSize(5);
    }

    @Test
    void shouldGrantNothingUntilUseIsBelowALoweredLimit() {
        store.limits(10, 10, null);
        List<Candidate> ready = store.ready(20);
        List<ClaimedJob> first = claim(ready);
        assertThat(first).hasSize(10);
        accept(first);

        store.limits(4, 3, null);
        assertThat(claim(ready)).as("ten are in flight").isEmpty();
        complete(first.subList(0, 8));
        assertThat(claim(ready))
                .as("two are in flight, ten count against the minute")
                .isEmpty();
        turn(61);
        assertThat(claim(ready)).as("one place of three").hasSize(1);
        store.limits(4, 100, null);
        assertThat(claim(ready)).as("three are left of the minute").hasSize(3);
    }

    @Test
    void shouldCountByTheDatabasesClockWhateverTheWorkersClocksSay() {
        store.limits(4, null, null);
        List<Candidate> ready = store.ready(12);
        for (Duration skew : List.of(Duration.ofHours(-1), Duration.ZERO, Duration.ofHours(1))) {
            InstantSource skewed = InstantSource.offset(InstantSource.system(), skew);
            JobTransitions transitions = new JobTransitions(store.database, skewed);
            List<ClaimedJob> jobs = claim(ready);
            assertThat(jobs).as("by a clock that is wrong by %s", skew).hasSize(4);
            transitions.apply(
                    jobs.stream().map(job -> accepted(job, skewed.instant())).toList());
            turn(60);
            assertThat(claim(ready)).isEmpty();
            turn(1);
        }
    }

    @Test
    void shouldHalveOnceForABurstOf429sAndSpreadWhatComesAfterwards() {
        store.limits(600, null, null);
        List<Candidate> ready = store.ready(400);
        List<ClaimedJob> burst = claim(worker, 100, ready);
        refuseFor429(burst);
        List<Pace> decreases = burst.stream()
                .flatMap(job -> store.accounts.throttle(Duration.ofSeconds(7), job.pacedSince()).stream())
                .toList();
        assertThat(decreases).singleElement().satisfies(pace -> assertThat(pace.perMinute())
                .isEqualTo(300));

        turn(6);
        ClaimResult early = store.claims.claim(worker, store.fences.next(), 1_000, ready);
        assertThat(early.claimed()).isEmpty();
        assertThat(early.throttledFor()).isEqualTo(Duration.ofSeconds(1));
        turn(1);
        List<ClaimedJob> first = claim(ready);
        assertThat(first)
                .as("five seconds of 300 a minute, of several hundred that the minute allows")
                .hasSize(25);
        assertThat(claim(anotherWorker(), 1_000, ready)).isEmpty();
        accept(first);
        int granted = 0;
        for (int second = 0; second < 30; second++) {
            turn(1);
            List<ClaimedJob> claimed = claim(ready);
            accept(claimed);
            granted += claimed.size();
        }
        assertThat(granted).as("half a minute of 300 to 375 a minute").isBetween(120, 190);
    }

    @Test
    void shouldHalveAgainOnlyForSubmitsOfTheNewPaceAndForgetItWhenResumed() {
        store.limits(600, null, null);
        List<Candidate> ready = store.ready(10);
        ClaimedJob before = claim(worker, 1, ready).getFirst();
        store.accounts.throttle(Duration.ofSeconds(1), before.pacedSince());
        turn(1 + 60);
        ClaimedJob after = claim(worker, 1, ready).getFirst();

        assertThat(store.accounts.throttle(Duration.ofSeconds(1), before.pacedSince()))
                .isEmpty();
        assertThat(store.accounts.throttle(Duration.ofSeconds(1), after.pacedSince()))
                .hasValueSatisfying(pace -> assertThat(pace.perMinute()).isEqualTo(225));
        assertThat(store.accounts.submitsPerMinute()).hasValue(225);
        store.limits(40, null, null);
        assertThat(store.accounts.submitsPerMinute())
                .as("never above a lowered limit")
                .hasValue(40);

        store.accounts.resume();
        assertThat(store.accounts.read().pace()).isNull();
        assertThat(store.accounts.throttle(Duration.ofSeconds(1), after.pacedSince()))
                .as("granted before the resume")
                .isEmpty();
    }

    @Test
    void shouldStartFromTheLastMinuteWhenThereIsNoLimit() {
        List<Candidate> ready = store.ready(100);
        List<ClaimedJob> jobs = claim(worker, 80, ready);
        accept(jobs.subList(0, 60));

        assertThat(store.accounts.throttle(Duration.ofSeconds(1), null))
                .hasValueSatisfying(pace -> assertThat(pace.perMinute()).isEqualTo(40));
        assertThat(store.accounts.submitsPerMinute()).hasValue(40);
        turn(1 + 120);
        assertThat(store.accounts.submitsPerMinute()).isEmpty();
    }
}
