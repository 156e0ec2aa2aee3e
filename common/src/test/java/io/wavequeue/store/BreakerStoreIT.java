package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.Breaker;
import io.wavequeue.job.Breaker.Failure;
import io.wavequeue.job.Breaker.Policy;
import io.wavequeue.job.Breakers.Heard;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Lane;
import io.wavequeue.job.Transition;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimResult;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BreakerStoreIT {
    private static final Policy POLICY = new Policy(3, Duration.ofMinutes(10), Duration.ofMinutes(20));

    private StoreFixture store;

    @BeforeEach
    void fresh() {
        store = new StoreFixture();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private ClaimResult claim(int capacity, List<Candidate> candidates) {
        return store.claims.claim(store.worker, store.fences.next(), capacity, candidates, Caution.NONE);
    }

    private List<Candidate> ready(int count, String model) {
        store.enqueue(count, Lane.BULK, model);
        return store.dispatched();
    }

    private void fail(String model, int times) {
        for (int i = 0; i < times; i++) {
            store.breakers.failed(new Failure(model, UUID.randomUUID(), true, "HTTP 500"), POLICY);
        }
    }

    private void due() {
        store.execute("update breaker set probe_at = now() - interval '1 s' where opened_at is not null");
    }

    /** As if the submits under way had ended uncertain. */
    private void endSubmits() {
        store.execute(
                "update job set status = 'uncertain', worker_id = null, version = version + 1 where status = 'submitting'");
        store.execute("update attempt set status = 'uncertain' where status = 'submitting'");
    }

    @Test
    void shouldKeepEveryFieldOverARoundTrip() {
        fail("m", 4);
        UUID probe = UUID.randomUUID();
        store.execute("update breaker set last_job_id = '" + probe + "'");

        Breaker breaker = store.breakers.read().of("m");

        assertThat(breaker).isNotNull();
        assertThat(breaker.failures()).isEqualTo(4);
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.lastJobId()).isEqualTo(probe);
        assertThat(breaker.reason()).isEqualTo("HTTP 500");
        store.breakers.answered("m", probe, 1, Heard.ACCEPTED);
        assertThat(store.breakers.read().isEmpty())
                .as("no attempt, no evidence")
                .isFalse();
        store.accounts.resume();
        assertThat(store.breakers.read().isEmpty()).isTrue();
    }

    @Test
    void shouldLeaveNoMoreUnderWayThanAreLeftUntilItOpens() {
        List<Candidate> ready = ready(10, "m");
        fail("m", 1);

        ClaimResult first = claim(10, ready);
        assertThat(first.claimed()).hasSize(2);
        assertThat(first.waiting()).hasSize(8);
        assertThat(first.troubled()).containsExactly("m");
        assertThat(claim(10, first.waiting()).claimed()).isEmpty();

        ClaimedJob answered = first.claimed().getFirst();
        store.breakers.answered("m", answered.jobId(), answered.attempt(), Heard.ACCEPTED);
        assertThat(claim(10, first.waiting()).claimed()).hasSize(8);
    }

    @Test
    void shouldBeginWithTheThresholdWhenTheWorkerHasHeardNothingOfTheModel() {
        List<Candidate> ready = ready(10, "m");
        Caution careful = new Caution(Set.of("other"), 3);

        ClaimResult first = store.claims.claim(store.worker, store.fences.next(), 10, ready, careful);
        assertThat(first.claimed()).hasSize(3);
        assertThat(store.claims
                        .claim(store.worker, store.fences.next(), 10, first.waiting(), careful)
                        .claimed())
                .isEmpty();
        assertThat(store.claims
                        .claim(store.worker, store.fences.next(), 10, first.waiting(), new Caution(Set.of("m"), 3))
                        .claimed())
                .hasSize(7);
    }

    @Test
    void shouldBeginWithTheThresholdOverAllWorkersUntilOneOfThemHearsAnAnswer() {
        List<Candidate> ready = ready(10, "m");
        Caution careful = new Caution(Set.of(), 3);
        UUID second = UUID.randomUUID();
        store.heartbeats.register(second, "there", 2, "test");

        ClaimResult first = store.claims.claim(store.worker, store.fences.next(), 10, ready, careful);
        ClaimResult other = store.claims.claim(second, store.fences.next(), 10, first.waiting(), careful);

        assertThat(first.claimed()).hasSize(3);
        assertThat(other.claimed()).isEmpty();
        ClaimedJob answered = first.claimed().getFirst();
        store.transitions.apply(List.of(new Transition(
                answered.jobId(),
                answered.fence(),
                JobStatus.SUBMITTING,
                new Transition.Next.Running(),
                new Transition.AttemptChange.Accepted("p-1", Instant.now()),
                Instant.now())));
        assertThat(store.claims
                        .claim(second, store.fences.next(), 10, other.waiting(), careful)
                        .claimed())
                .hasSize(7);
    }

    @Test
    void shouldClaimNothingOfAnOpenModelAndAllOfTheOthers() {
        List<Candidate> ready = new ArrayList<>(ready(5, "broken"));
        ready.addAll(ready(5, "fine"));
        fail("broken", 3);

        ClaimResult result = claim(10, ready);

        assertThat(result.claimed()).hasSize(5).allSatisfy(job -> assertThat(job.model())
                .isEqualTo("fine"));
        assertThat(result.stopped()).hasSize(5);
        assertThat(result.waiting()).isEmpty();
    }

    @Test
    void shouldLetExactlyOneOfFortyClaimersHaveTheProbe() throws Exception {
        List<Candidate> ready = ready(200, "m");
        fail("m", 3);
        due();
        List<Callable<List<ClaimedJob>>> claimers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            int from = (i * 37) % 150;
            claimers.add(() -> claim(7, ready.subList(from, from + 50)).claimed());
        }

        List<ClaimedJob> claimed = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<ClaimedJob>> result : threads.invokeAll(claimers)) {
                claimed.addAll(result.get());
            }
        }

        assertThat(claimed).hasSize(1);
        assertThat(store.text("select last_job_id from breaker"))
                .isEqualTo(claimed.getFirst().jobId().toString());
        assertThat(store.text("select b.probe_at >= a.claimed_at + interval '10 minutes' from breaker b, attempt a"))
                .isEqualTo("t");
    }

    @Test
    void shouldProbeWithOneAtATimeAndAnotherJobEachTime() {
        List<Candidate> ready = ready(3, "m");
        fail("m", 3);
        due();
        ClaimedJob first = claim(10, ready).claimed().getFirst();

        due();
        assertThat(claim(10, ready).claimed()).as("one is under way").isEmpty();

        store.execute(
                "update job set status = 'queued', worker_id = null, attempt = 0, version = version + 1, dispatch_at = now(), sends = 1"
                        + " where status = 'submitting'");
        store.execute("delete from attempt");
        List<Candidate> onlyTheLast = ready.stream()
                .filter(candidate -> candidate.jobId().equals(first.jobId()))
                .toList();
        assertThat(claim(10, onlyTheLast).claimed()).as("others wait").isEmpty();
        ClaimedJob second = claim(10, ready).claimed().getFirst();
        assertThat(second.jobId()).isNotEqualTo(first.jobId());

        endSubmits();
        store.execute("delete from job where id not in ('" + first.jobId() + "')");
        store.execute("update breaker set last_job_id = '" + first.jobId() + "'");
        due();
        assertThat(claim(10, onlyTheLast).claimed()).as("no other is left").hasSize(1);
    }

    @Test
    void shouldProbeTheWholeAccountWithOneOfAHealthyModelFirst() {
        List<Candidate> ready = new ArrayList<>(ready(3, "a"));
        ready.addAll(ready(3, "b"));
        ready.addAll(ready(3, "c"));
        fail("a", 3);
        fail("b", 3);
        assertThat(store.texts("select scope from breaker order by scope")).containsExactly("*", "a", "b");
        assertThat(claim(10, ready).stopped()).hasSize(9);
        due();

        ClaimResult result = claim(10, ready);

        assertThat(result.claimed()).singleElement().satisfies(job -> assertThat(job.model())
                .isEqualTo("c"));
        ClaimedJob probe = result.claimed().getFirst();
        store.breakers.answered("c", probe.jobId(), probe.attempt(), Heard.ACCEPTED);
        List<String> next = claim(10, result.stopped()).claimed().stream()
                .map(ClaimedJob::model)
                .sorted()
                .toList();
        assertThat(next)
                .as("one probe of each open model, all of the healthy one")
                .containsExactly("a", "b", "c", "c");
    }

    @Test
    void shouldDispatchNoMoreThanAHandfulOfAnOpenModel() {
        store.enqueue(500, Lane.BULK, "broken");
        store.enqueue(20, Lane.BULK, "fine");
        fail("broken", 3);

        assertThat(store.dispatched()).hasSize(20);
        assertThat(store.dispatched()).isEmpty();
        due();
        List<Candidate> probes = store.dispatched();
        assertThat(probes).hasSize(3);
        assertThat(store.dispatched()).isEmpty();

        ClaimResult result = claim(10, probes);
        assertThat(result.claimed()).hasSize(1);
        store.dispatch.release(result.stopped(), Duration.ZERO);
        assertThat(store.dispatched()).as("no probe is due").isEmpty();
        assertThat(store.text("select count(*) from job where status = 'queued' and sends = 0"))
                .isEqualTo("499");
    }

    /** The cheapest is of a model that may not go: it must not keep the others from asking for credit. */
    @Test
    void shouldAskForCreditPastAModelWhosePriceStopsIt() {
        UUID cheap = store.enqueue(1, Lane.BULK, "stopped").getFirst();
        store.execute("update job set reserve_usd = 0.01 where id = '" + cheap + "'");
        List<UUID> others = store.enqueue(2, Lane.BULK, "m");
        store.accounts.hold(HoldReason.OUT_OF_CREDITS, "no credit");
        store.breakers.refusedForCredit(UUID.randomUUID(), "no credit", POLICY);
        store.holds.follow(100);
        store.execute(
                "insert into price_stop (model, difference_id, expected_usd, charged_usd) values ('stopped', 1, 0.01, 1)");
        due();
        assertThat(store.breakers.probeCredit(new BigDecimal("0.015"), POLICY))
                .as("covers only what may not go")
                .isFalse();

        assertThat(store.breakers.probeCredit(new BigDecimal("5"), POLICY)).isTrue();
        store.holds.follow(100);

        assertThat(store.text("select id from job where status = 'queued'"))
                .isIn(others.stream().map(UUID::toString).toList());
        assertThat(store.dispatched()).hasSize(1);
    }

    @Test
    void shouldLetOneCoveredJobGoWhenThereIsCreditAgain() {
        List<UUID> jobs = store.enqueue(10, Lane.BULK, "m");
        UUID cheapest = jobs.get(7);
        store.execute("update job set reserve_usd = 0.01 where id = '" + cheapest + "'");
        ClaimedJob refused = claim(1, store.dispatched()).claimed().getFirst();
        assertThat(store.breakers.refusedForCredit(refused.jobId(), "no credit", POLICY))
                .isFalse();
        store.accounts.hold(HoldReason.OUT_OF_CREDITS, "no credit");
        endSubmits();
        store.holds.follow(100);
        assertThat(store.text("select count(*) from job where status = 'held'")).isEqualTo("9");

        assertThat(store.breakers.probeCredit(new BigDecimal("5"), POLICY))
                .as("too early")
                .isFalse();
        due();
        assertThat(store.breakers.probeCredit(new BigDecimal("0.009"), POLICY))
                .as("too little")
                .isFalse();
        assertThat(store.breakers.probeCredit(new BigDecimal("0.015"), POLICY)).isTrue();
        assertThat(store.breakers.probeCredit(new BigDecimal("0.015"), POLICY))
                .as("by another worker")
                .isFalse();

        assertThat(store.holds.follow(100)).isEqualTo(1);
        assertThat(store.holds.follow(100)).isZero();
        store.enqueue(3, Lane.BULK, "m");
        List<ClaimedJob> claimed = claim(10, store.dispatched()).claimed();
        assertThat(claimed).singleElement().satisfies(job -> assertThat(job.jobId())
                .isEqualTo(cheapest));
        ClaimedJob probe = claimed.getFirst();
        store.breakers.answered("m", probe.jobId(), probe.attempt(), Heard.ACCEPTED);
        assertThat(store.breakers.read().isEmpty()).isTrue();
        assertThat(store.holds.follow(100)).isEqualTo(8);
    }
}
