package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.Lane;
import io.wavequeue.store.ArchiveStore.ArchivedFile;
import io.wavequeue.store.ArchiveStore.DueOutput;
import io.wavequeue.store.ArchiveStore.Filed;
import io.wavequeue.store.BatchStore.Batch;
import io.wavequeue.store.PlaceStore.Cues;
import io.wavequeue.store.PlaceStore.Named;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchiveStoreIT {
    private static final Duration LEASE = Duration.ofMinutes(11);
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final StoreFixture store = new StoreFixture();
    private final PlaceStore places = new PlaceStore(store.database, new LeaseStore(store.database));

    @BeforeEach
    void beginAnew() {
        store.empty();
        store.execute("truncate output, library, lease cascade");
        store.execute("delete from worker where id <> '" + store.worker + "'");
    }

    @AfterAll
    void close() {
        store.close();
    }

    /** An ended job with an output that waits; its attempt completed so long ago. */
    private UUID ended(UUID job, String ago) {
        store.execute(
                "update job set status = 'succeeded', dispatch_at = null, settled_at = now(), attempt = 1, version = version + 1 where id = '%s'"
                        .formatted(job));
        store.execute("""
                insert into attempt (job_id, number, status, worker_id, prediction_id, completed_at, budget_day)
                values ('%1$s', 1, 'completed', '%1$s', '%1$s', now() - interval '%2$s', now())
                """.formatted(job, ago));
        store.execute("""
                insert into output (job_id, number, attempt, url, archive_at)
                values ('%s', 0, 1, 'u', now())
                """.formatted(job));
        return job;
    }

    private UUID ended(String ago) {
        return ended(store.enqueue(1, Lane.BULK).getFirst(), ago);
    }

    private DueOutput taken() {
        return store.archive.take(store.worker, 10, LEASE).getFirst();
    }

    private String output() {
        return store.text("""
                select concat_ws(' ', case when archived_at is not null then 'archived' when lost_at is not null then 'lost'
                                           else 'waits' end,
                                 case when held_by is not null then 'held' end, error)
                from output
                """);
    }

    @Test
    void shouldGiveUpALinkThatFailsOnceTheProvidersDaysAreOver() {
        ended("6 days 23 hours");
        DueOutput output = taken();
        assertThat(output()).isEqualTo("waits held");
        assertThat(store.archive.failed(output, "404", Duration.ZERO, true)).isFalse();
        assertThat(output()).isEqualTo("waits 404");
        store.execute("update attempt set completed_at = now() - interval '7 days 1 second'");

        assertThat(store.archive.failed(taken(), "our disk is full", Duration.ZERO, false))
                .isFalse();
        assertThat(output()).isEqualTo("waits our disk is full");
        assertThat(store.archive.failed(taken(), "410", AGAIN, true)).isTrue();

        assertThat(output()).isEqualTo("lost 410");
        assertThat(store.archive.take(store.worker, 10, LEASE)).isEmpty();
        assertThat(store.archive.waiting()).isEmpty();
    }

    @Test
    void shouldTellHowManyWaitByTheDaysThatAreLeft() {
        ended("0");
        ended("1 hour");
        ended("5 days 12 hours");
        ended("9 days");
        store.execute("insert into output (prediction_id, number, url, archive_at, created_at)"
                + " values ('p', 0, 'u', now(), now() - interval '6 days 1 hour')");

        assertThat(store.archive.waiting()).isEqualTo(Map.of(7, 2, 2, 1, 1, 1, 0, 1));
    }

    @Test
    void shouldMakeDueWhatAnEndedWorkerHadAndNothingElse() {
        UUID dead = UUID.randomUUID();
        UUID removed = UUID.randomUUID();
        store.heartbeats.register(dead, "here", 2, "test");
        for (UUID worker : List.of(dead, store.worker, removed)) {
            ended("0");
            store.archive.take(worker, 10, LEASE);
        }
        assertThat(store.archive.letGo()).as("without a row").isEqualTo(1);
        assertThat(store.archive.take(store.worker, 10, LEASE)).hasSize(1);

        store.heartbeats.stopped(dead);

        assertThat(store.archive.letGo()).isEqualTo(1);
        assertThat(store.archive.letGo()).isZero();
        assertThat(store.archive.take(store.worker, 10, LEASE)).hasSize(1);
    }

    @Test
    void shouldMakeDueWhatAnEndedWorkerWasLookingAt() {
        CheckStore checks = new CheckStore(store.database);
        ended("0");
        store.archive.archived(List.of(new Filed(taken(), new ArchivedFile("d/a.wav", "audio/wav", 1, "ab"))), true);
        assertThat(checks.take(UUID.randomUUID(), 1, LEASE)).hasSize(1);
        assertThat(checks.take(store.worker, 1, LEASE)).isEmpty();

        assertThat(store.archive.letGo()).isEqualTo(1);

        assertThat(checks.take(store.worker, 1, LEASE)).hasSize(1);
        assertThat(output()).isEqualTo("archived held");
    }

    /** What is lost waits for nothing: its batch is done, and what it has archived is counted. */
    @Test
    void shouldCallABatchDoneWhenWhatIsNotArchivedIsLost() {
        UUID batch = store.batch(2, null);
        store.texts("select id::text from job").forEach(job -> ended(UUID.fromString(job), "8 days"));
        List<DueOutput> due = store.archive.take(store.worker, 10, LEASE);
        store.archive.archived(
                List.of(new Filed(due.getFirst(), new ArchivedFile("d/a.wav", "audio/wav", 1, "ab"))), false);
        assertThat(store.batches.find(batch).map(Batch::endedAt)).isEmpty();

        store.archive.failed(due.getLast(), "410", AGAIN, true);

        Batch done = store.batches.find(batch).orElseThrow();
        assertThat(done.endedAt()).isNotNull();
        assertThat(done.counts().archived()).isEqualTo(1);
    }

    private void take(String reference, int number, UUID job) {
        store.execute("insert into library (name) values ('l') on conflict do nothing");
        store.execute("""
                insert into take (library, reference, number, content_key, job_id, name, cue_name)
                values ('l', '%s', %d, repeat('a', 64), '%s', 'n', 'c')
                """.formatted(reference, number, job));
    }

    @Test
    void shouldHaveTheTakesOfAnArchivedJobPlacedByOneWorkerAtATime() {
        UUID job = ended("0");
        take("rain", 1, job);
        take("rain", 2, UUID.randomUUID());
        assertThat(places.take(store.worker, LEASE, 10)).isEmpty();

        store.archive.archived(List.of(new Filed(taken(), new ArchivedFile("d/a.wav", "audio/wav", 1, "ab"))), false);

        Cues cues = places.take(store.worker, LEASE, 10).orElseThrow();
        assertThat(cues.library()).isEqualTo("l");
        assertThat(cues.takes()).extracting(PlaceStore.Take::number).containsExactly(1, 2);
        assertThat(cues.takes().getFirst().archived())
                .extracting(PlaceStore.Archived::file)
                .containsExactly("d/a.wav");
        assertThat(cues.takes().getFirst().seen()).isNotNull();
        assertThat(cues.takes().getLast().seen()).isNull();
        assertThat(places.take(UUID.randomUUID(), LEASE, 10))
                .as("somebody else")
                .isEmpty();
        assertThat(places.renew("l", UUID.randomUUID(), LEASE)).isFalse();

        store.execute("update lease set held_until = now() - interval '1 second'");
        assertThat(places.take(UUID.randomUUID(), LEASE, 10))
                .as("after its death")
                .isPresent();
        assertThat(places.renew("l", store.worker, LEASE)).isFalse();
    }

    @Test
    void shouldStayDueWhenItBecameSoAgainMeanwhile() {
        take("rain", 1, UUID.randomUUID());
        store.execute("update take set place_at = now()");
        Cues cues = places.take(store.worker, LEASE, 10).orElseThrow();
        store.execute("update take set place_at = now()");

        places.placed(cues, named(cues));
        assertThat(places.take(store.worker, LEASE, 10)).isPresent();
        Cues again = places.take(store.worker, LEASE, 10).orElseThrow();
        assertThat(again.takes().getFirst().files()).containsExactly("libraries/l/ü \"1\".wav");
        places.placed(again, named(again));

        assertThat(places.take(store.worker, LEASE, 10)).isEmpty();
    }

    private static List<Named> named(Cues cues) {
        return cues.takes().stream()
                .map(take -> new Named(take, List.of("libraries/l/ü \"1\".wav")))
                .toList();
    }

    @Test
    void shouldTellTheMachinesOfLivingWorkersAlone() {
        store.heartbeats.register(UUID.randomUUID(), "there", 2, "test");
        UUID stopped = UUID.randomUUID();
        store.heartbeats.register(stopped, "gone", 3, "test");
        store.heartbeats.stopped(stopped);
        UUID silent = UUID.randomUUID();
        store.heartbeats.register(silent, "silent", 4, "test");
        store.execute("update worker set beat_at = now() - interval '61 seconds' where id = '" + silent + "'");
        store.heartbeats.beat(store.worker);

        assertThat(store.workers.hosts(Duration.ofMinutes(1))).containsExactlyInAnyOrder("here", "there");
    }
}
