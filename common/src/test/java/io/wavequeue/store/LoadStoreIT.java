package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.AccountLoad;
import io.wavequeue.job.AccountLoad.Turn;
import io.wavequeue.job.ExpectedDuration;
import io.wavequeue.job.ExpectedDuration.NewJobs;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.Lane;
import io.wavequeue.store.RunTimeStore.Run;
import io.wavequeue.store.RunTimeStore.Runs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LoadStoreIT {
    @Test
    void shouldCountWhatWaitsByTurnAndWhatIsUnderWayAndNothingElse() {
        try (StoreFixture store = new StoreFixture()) {
            store.limits(60, 100, null);
            store.enqueue(40, Lane.BULK);
            store.execute(
                    "update job set status = 'cancelled', dispatch_at = null, settled_at = now(), version = version + 1");
            store.enqueue(3, Lane.INTERACTIVE, "n");
            store.dispatched();
            store.batch(4, null);
            store.enqueue(2, Lane.BULK);
            UUID stopped = store.batch(5, null);
            store.execute("update batch set stop = 'paused' where id = '" + stopped + "'");
            store.execute("""
                    update job
                    set status = 'running', dispatch_at = null, worker_id = '%s', attempt = 1, version = version + 1
                    where id in (select id from job where lane = 'bulk' and batch_id is null and status = 'queued' limit 1)
                    """.formatted(store.worker));
            store.execute("""
                    insert into attempt (job_id, number, status, worker_id, prediction_id, budget_day)
                    select id, 1, case when status = 'running' then 'accepted' else 'uncertain' end, '%s', id::text, current_date
                    from job
                    where status = 'running' or lane = 'interactive'
                    """.formatted(store.worker));
            store.runTimes.exchange(
                    List.of(
                            new Runs("m", "", List.of(new Run(0, 4_000, null), new Run(0, 8_000, null))),
                            new Runs("m", "8s", List.of(new Run(0, 90_000, null)))),
                    8);

            AccountLoad load = store.load.read(60);

            assertThat(load.waiting())
                    .containsExactlyInAnyOrder(
                            new Turn(Lane.INTERACTIVE, Map.of("n", 3L)),
                            new Turn(Lane.BULK, Map.of("m", 4L)),
                            new Turn(Lane.BULK, Map.of("m", 1L)));
            assertThat(load.underWay()).isEqualTo(Map.of("m", 1L));
            assertThat(load.placesHeld()).isEqualTo(3);
            assertThat(load.runTimes()).isEqualTo(Map.of("m", Duration.ofSeconds(6)));
            assertThat(load.isHeld()).isFalse();
            assertThat(load.stopped()).isEmpty();
            assertThat(new ExpectedDuration(load).seconds(List.of(new NewJobs("m", Lane.BULK, 60))))
                    .as("3 + 4 + 1 ahead of 60 at 60 per minute")
                    .hasValue(61 + 6);

            store.execute(
                    "insert into price_stop (model, difference_id, expected_usd, charged_usd) values ('m', 1, 1, 2)");
            assertThat(store.load.read(60).stopped()).containsExactly("m");
            store.accounts.hold(HoldReason.PAUSED, "by a person");
            assertThat(store.load.read(60).isHeld()).isTrue();
        }
    }
}
