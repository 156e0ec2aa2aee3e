package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.Lane;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.DispatchStore.DueJob;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Interactive before bulk, and the batches of a lane in turn: decided where the backlog lies, and where permits are granted. */
class LanesIT {
    private static final UUID A = new UUID(0, 0xA);
    private static final UUID B = new UUID(0, 0xB);
    private static final UUID C = new UUID(0, 0xC);
    private static final int MANY = 10_000;

    private StoreFixture store;

    @BeforeEach
    void fresh() {
        store = new StoreFixture();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void letTheClockStandStill() {
        store.close();
        store = StoreFixture.withTurnedClock();
    }

    /** Writes jobs that are due, a second later each; the payloads are those of the fixture's jobs. */
    private void backlog(@Nullable UUID batch, Lane lane, int jobs) {
        store.execute("""
                with added as (
                  insert into job (id, status, model, lane, batch_id, max_attempts, estimated_usd, reserve_usd, dispatch_at)
                  select gen_random_uuid(), 'queued', 'm', '%s', %s, 3, 0.0217, 0.0217, now() - interval '1 day' + make_interval(secs => i)
                  from generate_series(1, %d) as i
                  returning id
                )
                insert into job_payload (job_id, input) select id, '{}' from added
                """.formatted(lane.code(), batch == null ? "null" : "'" + batch + "'", jobs));
    }

    private List<DueJob> take(int window) {
        return store.dispatch.take((account, lately) -> window, 2_000, StoreFixture.SEND_AGAIN);
    }

    private static List<Candidate> candidates(List<DueJob> jobs) {
        return jobs.stream()
                .map(job -> new Candidate(job.id(), job.attempt(), job.dispatchNo()))
                .toList();
    }

    private List<ClaimedJob> claim(Lane lane, List<DueJob> jobs) {
        return claim(lane, jobs, Caution.NONE);
    }

    private List<ClaimedJob> claim(Lane lane, List<DueJob> jobs, Caution caution) {
        return store.claims
                .claim(store.worker, store.fences.next(), lane, 50, candidates(jobs), caution, false)
                .claimed();
    }

    @Test
    void shouldSendInteractiveJobsAtOnceThoughBulkFillsItsWindow() {
        backlog(A, Lane.BULK, MANY);
        assertThat(take(500)).hasSize(500);
        assertThat(take(500)).isEmpty();

        List<UUID> interactive = store.enqueue(3, Lane.INTERACTIVE);

        assertThat(take(500)).extracting(DueJob::id).containsExactlyInAnyOrderElementsOf(interactive);
        assertThat(store.dispatch.take((account, lately) -> 1_000, 501, StoreFixture.SEND_AGAIN))
                .hasSize(500);
        store.enqueue(10, Lane.INTERACTIVE);
        assertThat(store.dispatch.take((account, lately) -> 10, 10, StoreFixture.SEND_AGAIN))
                .extracting(DueJob::lane)
                .hasSize(7)
                .containsOnly(Lane.INTERACTIVE);

        shouldShareGrantsEquallyAmongBatchesOfAnySizeAndArrival();
    }

    /** A holds most jobs and was there first. */
    private void shouldShareGrantsEquallyAmongBatchesOfAnySizeAndArrival() {
        end("dispatch_at is not null and (lane = 'interactive' or sends > 0)");
        Line line = new Line(150, 40);
        line.grant(200);
        assertThat(line.of(A)).isEqualTo(200);

        backlog(B, Lane.BULK, 1_200);
        line.grant(150);
        line.forget();
        line.grant(1_000);
        assertThat(line.of(A)).isBetween(450, 550);
        assertThat(line.of(B)).isBetween(450, 550);

        backlog(C, Lane.BULK, 3_000);
        line.grant(150);
        line.forget();
        line.grant(1_000);
        assertThat(line.of(A)).isBetween(300, 366);
        assertThat(line.of(B)).isBetween(300, 366);
        assertThat(line.of(C)).isBetween(300, 366);

        line.grantUntilEnded(B);
        line.forget();
        line.grant(1_000);
        assertThat(line.of(A)).isBetween(450, 550);
        assertThat(line.of(C)).isBetween(450, 550);
    }

    private void end(String which) {
        store.execute("update job set status = 'cancelled', dispatch_at = null, worker_id = null, settled_at = now(),"
                + " version = version + 1 where " + which);
    }

    /** Jobs in the order in which they were sent, and what the limit lets be granted of them. */
    private final class Line {
        private final int window;
        private final int limit;
        private final List<DueJob> out = new ArrayList<>();
        private final Map<UUID, Integer> granted = new HashMap<>();

        Line(int window, int limit) {
            this.window = window;
            this.limit = limit;
            store.limits(null, limit, null);
        }

        void grant(int jobs) {
            for (int left = jobs; left > 0; ) {
                left -= step(Math.min(left, limit));
            }
        }

        void grantUntilEnded(UUID batch) {
            while (store.text("select exists (select 1 from job where batch_id = '%s' and status = 'queued')"
                            .formatted(batch))
                    .equals("t")) {
                step(limit);
            }
        }

        private int step(int most) {
            out.addAll(take(window));
            List<DueJob> first = out.subList(0, Math.min(most, out.size()));
            List<UUID> claimed =
                    claim(Lane.BULK, first).stream().map(ClaimedJob::jobId).toList();
            for (DueJob job : first) {
                if (claimed.contains(job.id())) {
                    granted.merge(job.batchId(), 1, Integer::sum);
                }
            }
            first.clear();
            end("status = 'submitting'");
            store.execute("update attempt set status = 'not_created' where status = 'submitting'");
            return claimed.size();
        }

        int of(UUID batch) {
            return granted.getOrDefault(batch, 0);
        }

        void forget() {
            granted.clear();
        }
    }

    @Test
    void shouldGoOnWithTheNextBatchWhenThereIsRoomForFewerThanThereAreBatches() {
        backlog(B, Lane.BULK, 5);
        backlog(null, Lane.BULK, 5);
        backlog(A, Lane.BULK, 2);

        List<@Nullable UUID> turns = new ArrayList<>();
        for (int window = 1; window <= 8; window++) {
            take(window).forEach(job -> turns.add(job.batchId()));
        }
        assertThat(turns).containsExactly(A, B, null, A, B, null, B, null);

        backlog(C, Lane.BULK, 1);
        assertThat(take(100)).extracting(DueJob::batchId).containsExactly(B, C, null, B, null);
    }

    @Test
    void shouldLeaveTheLastPermitsToInteractiveJobsThatWaitElsewhere() {
        letTheClockStandStill();
        store.limits(null, 3, null);
        store.enqueue(10, Lane.BULK);
        List<DueJob> bulk = take(100);
        store.enqueue(1, Lane.INTERACTIVE);
        List<DueJob> interactive = take(100);

        assertThat(claim(Lane.BULK, bulk)).hasSize(2);
        assertThat(claim(Lane.BULK, bulk)).isEmpty();
        assertThat(claim(Lane.INTERACTIVE, interactive)).hasSize(1);

        store.limits(null, 4, null);
        assertThat(claim(Lane.BULK, bulk)).hasSize(1);
    }

    @Test
    void shouldKeepNoMorePermitsForASilentModelThanMayGoAtFirst() {
        letTheClockStandStill();
        store.limits(null, 6, null);
        store.enqueue(10, Lane.BULK);
        List<DueJob> bulk = take(100);
        store.enqueue(5, Lane.INTERACTIVE, "silent");
        List<DueJob> interactive = take(100);
        Caution caution = new Caution(Set.of(bulk.getFirst().model()), 2);

        assertThat(claim(Lane.BULK, bulk, caution)).hasSize(4);
        assertThat(claim(Lane.BULK, bulk, caution)).isEmpty();
        assertThat(claim(Lane.INTERACTIVE, interactive, caution)).hasSize(2);

        store.limits(null, 8, null);
        assertThat(claim(Lane.BULK, bulk, caution))
                .as("two of the silent model are under way")
                .hasSize(2);
    }

    @Test
    void shouldKeepNoPermitForInteractiveJobsThatTakeNone() {
        letTheClockStandStill();
        store.limits(null, 1, null);
        store.enqueue(10, Lane.BULK);
        List<DueJob> bulk = take(100);
        store.enqueue(5, Lane.INTERACTIVE, "in-trouble");
        take(100);
        assertThat(claim(Lane.BULK, bulk)).isEmpty();

        store.execute(
                "insert into breaker (scope, cause, failures, threshold, probe_wait_ms, reason) values ('in-trouble', 'unanswered', 1, 5, 1, 'r')");
        assertThat(claim(Lane.BULK, bulk)).hasSize(1);

        store.execute("delete from breaker");
        store.limits(null, 2, null);
        assertThat(claim(Lane.BULK, bulk)).isEmpty();

        store.execute("update job set dispatched_at = dispatched_at - interval '4 seconds'");
        assertThat(claim(Lane.BULK, bulk)).hasSize(1);
    }
}
