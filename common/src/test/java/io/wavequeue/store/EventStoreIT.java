package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Lane;
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
import io.wavequeue.store.EventStore.Again;
import io.wavequeue.store.EventStore.Batch;
import io.wavequeue.store.JobEvent.Change;
import io.wavequeue.store.JobEvent.Letter;
import io.wavequeue.store.JobEvent.LetterChange;
import io.wavequeue.store.JobEvent.Request;
import io.wavequeue.store.view.StoredJob;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class EventStoreIT {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final JobError ERROR = JobError.of(ErrorClass.PROVIDER_ERROR, "it broke");
    private static final StoredJob.Error STORED_ERROR = new StoredJob.Error("provider_error", "it broke", true);
    private static final Observation SEEN = new Observation(3, 900, 120);

    private StoreFixture store;

    @BeforeEach
    void open() {
        store = new StoreFixture();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private ClaimedJob claimed() {
        return store.claims
                .claim(store.worker, store.fences.next(), 10, store.ready(1))
                .claimed()
                .getFirst();
    }

    private void apply(ClaimedJob job, JobStatus expected, Next next, AttemptChange attempt) {
        Transition transition = new Transition(job.jobId(), job.fence(), expected, next, attempt, Instant.now());
        assertThat(store.transitions.apply(List.of(transition))).hasSize(1);
    }

    private void accept(ClaimedJob job) {
        apply(
                job,
                JobStatus.SUBMITTING,
                new Next.Running(),
                new AttemptChange.Accepted("prediction " + job.jobId(), Instant.now()));
    }

    private void fail(ClaimedJob job) {
        apply(job, JobStatus.RUNNING, new Next.Failed(ERROR), new AttemptChange.Ended(ERROR, SEEN));
    }

    /** As a replay will. */
    private void leaveFailed(UUID job) {
        store.execute("""
                update job
                set status = 'queued', settled_at = null, dispatch_at = now(), version = version + 1,
                    error_class = null, error_message = null, error_retryable = null
                where status = 'failed'
                  and id = '%s'
                """.formatted(job));
    }

    private void letFail(UUID job) {
        store.execute("""
                update job
                set status = 'failed', settled_at = now(), dispatch_at = null, version = version + 1,
                    error_class = 'internal', error_message = 'it broke', error_retryable = false
                where id = '%s'
                """.formatted(job));
    }

    private Optional<Batch> take() {
        return store.events.take(1_000, LEASE);
    }

    /** What there is to take: an older transaction of the server's own, such as an analyze, is waited for. */
    private Batch taken() {
        return Awaitility.await("events to be taken")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(this::take, Optional::isPresent)
                .orElseThrow();
    }

    /** Until nothing is left, in the same way. */
    private List<JobEvent> publish() {
        List<JobEvent> all = new ArrayList<>();
        Awaitility.await("all events to be taken")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    take().ifPresent(batch -> {
                        assertThat(store.events.published(batch)).isTrue();
                        all.addAll(batch.events());
                    });
                    return store.events.oldestUnpublished().isEmpty();
                });
        return all;
    }

    private static List<String> told(List<JobEvent> events) {
        return events.stream()
                .map(event -> "%d %s>%s"
                        .formatted(
                                event.version(),
                                event.change().previousStatus(),
                                event.change().status()))
                .toList();
    }

    private static LetterChange.Put put(JobEvent event) {
        return (LetterChange.Put) event.letter();
    }

    @Nested
    class Writing {
        @Test
        void shouldTellEachChangeOnceWithTheVersionsThatRise() {
            ClaimedJob job = claimed();
            accept(job);
            apply(
                    job,
                    JobStatus.RUNNING,
                    new Next.Succeeded(List.of("https://cdn/a.wav")),
                    new AttemptChange.Ended(null, SEEN));

            List<JobEvent> events = publish();

            assertThat(told(events))
                    .containsExactly(
                            "1 null>queued", "2 queued>submitting", "3 submitting>running", "4 running>succeeded");
            assertThat(events).allSatisfy(event -> {
                assertThat(event.jobId()).isEqualTo(job.jobId());
                assertThat(event.request()).isEqualTo(new Request("m", "bulk", null, null));
                assertThat(event.letter()).isEqualTo(new LetterChange.None());
            });
            assertThat(events).extracting(event -> event.change().attempt()).containsExactly(0, 1, 1, 1);
            assertThat(publish()).isEmpty();
            assertThat(store.events.oldestUnpublished()).isEmpty();
        }

        @Test
        void shouldTellOneByOneWhatOneStatementChanged() {
            List<UUID> jobs = store.enqueue(3_000, Lane.BULK);
            store.accounts.hold(HoldReason.PAUSED, "a person paused it");

            assertThat(store.holds.follow(5_000)).isEqualTo(3_000);

            List<JobEvent> events = publish();
            assertThat(events).hasSize(6_000);
            assertThat(events.stream().filter(event -> event.version() == 2).map(JobEvent::jobId))
                    .containsExactlyInAnyOrderElementsOf(jobs);
            assertThat(events.getLast().change())
                    .isEqualTo(new Change(
                            "held",
                            "queued",
                            "paused",
                            0,
                            false,
                            new StoredJob.Error("paused", "a person paused it", true)));
        }

        @Test
        void shouldTellTheWishToCancelAndItsEnd() {
            ClaimedJob job = claimed();
            store.cancels.cancel(job.jobId());
            accept(job);
            apply(
                    job,
                    JobStatus.RUNNING,
                    new Next.Succeeded(List.of("https://cdn/a.wav")),
                    new AttemptChange.Ended(null, SEEN));

            List<JobEvent> events = publish();

            assertThat(told(events))
                    .containsExactly(
                            "1 null>queued",
                            "2 queued>submitting",
                            "3 submitting>submitting",
                            "4 submitting>running",
                            "5 running>cancelled");
            assertThat(events)
                    .extracting(event -> event.change().cancelRequested())
                    .containsExactly(false, false, true, true, true);
        }

        @Test
        void shouldTellNothingOfADispatchAndOfATakeover() {
            ClaimedJob job = claimed();
            accept(job);
            publish();
            UUID heir = UUID.randomUUID();
            store.heartbeats.register(heir, "there", 2, "test");
            store.heartbeats.stopped(store.worker);

            assertThat(store.workers.adopt(heir, store.fences.next(), 10)).hasSize(1);

            assertThat(publish()).isEmpty();
            store.ready(1);
            assertThat(told(publish())).containsExactly("1 null>queued");
        }

        @Test
        void shouldRefuseAChangeThatDoesNotRaiseTheVersion() {
            store.enqueue(1, Lane.BULK);

            assertThatThrownBy(() -> store.execute(
                            "update job set status = 'cancelled', settled_at = now(), dispatch_at = null"))
                    .hasStackTraceContaining("event_version_rises");
            assertThat(store.text("select status from job")).isEqualTo("queued");
        }

        @Test
        void shouldTellOfAJobThatIsGone() {
            store.enqueue(1, Lane.BULK);
            store.execute("delete from job");

            assertThat(publish()).singleElement().satisfies(event -> assertThat(event.request())
                    .isNull());
        }
    }

    @Nested
    class Archiving {
        private void succeed(ClaimedJob job, String... urls) {
            accept(job);
            apply(job, JobStatus.RUNNING, new Next.Succeeded(List.of(urls)), new AttemptChange.Ended(null, SEEN));
        }

        private void archive(DueOutput output) {
            store.archive.archived(List.of(filed(output)), false);
        }

        private Filed filed(DueOutput output) {
            return new Filed(
                    output, new ArchivedFile("day/" + output.id() + ".wav", "audio/wav", 10 + output.number(), "ab"));
        }

        @Test
        void shouldTellOnceThatAllOutputsAreArchivedWithTheLastOfThem() {
            ClaimedJob job = claimed();
            succeed(job, "https://cdn/a.wav", "https://cdn/b.wav");
            publish();
            List<DueOutput> due = store.archive.take(store.worker, 10, LEASE);

            archive(due.getFirst());
            assertThat(publish()).isEmpty();
            archive(due.getLast());
            archive(due.getLast());

            assertThat(publish()).singleElement().satisfies(event -> {
                assertThat(event.version()).isEqualTo(5);
                assertThat(event.change().status()).isEqualTo("succeeded");
                assertThat(event.change().previousStatus()).isEqualTo("succeeded");
                assertThat(event.archived())
                        .extracting(StoredJob.Output::number, StoredJob.Output::bytes)
                        .containsExactly(tuple(0, 10L), tuple(1, 11L));
            });
            assertThat(store.text("select version from job")).isEqualTo("5");
        }

        @Test
        void shouldTellItOncePerJobOfABatch() {
            succeed(claimed(), "https://cdn/a.wav", "https://cdn/b.wav");
            succeed(claimed(), "https://cdn/c.wav", "https://cdn/d.wav");
            publish();
            List<DueOutput> due = store.archive.take(store.worker, 10, LEASE);
            assertThat(due).hasSize(4);

            store.archive.archived(due.subList(0, 3).stream().map(this::filed).toList(), false);

            assertThat(publish()).singleElement().satisfies(event -> assertThat(event.archived())
                    .hasSize(2));
            assertThat(store.text("select count(*) from output where archived_at is null"))
                    .isEqualTo("1");
        }

        @Test
        void shouldTellItOnceWhenTheOutputsOfAJobAreArchivedAtTheSameMoment() throws InterruptedException {
            int count = 30;
            store.claims
                    .claim(store.worker, store.fences.next(), count, store.ready(count))
                    .claimed()
                    .forEach(job -> succeed(job, "https://cdn/a.wav", "https://cdn/b.wav", "https://cdn/c.wav"));
            Map<Owner, List<DueOutput>> byJob = store.archive.take(store.worker, 1_000, LEASE).stream()
                    .collect(Collectors.groupingBy(DueOutput::owner));
            assertThat(byJob).hasSize(count);

            for (List<DueOutput> outputs : byJob.values()) {
                CountDownLatch together = new CountDownLatch(1);
                List<Thread> archiving = outputs.stream()
                        .map(output -> Thread.ofVirtual().start(() -> {
                            try {
                                together.await();
                                archive(output);
                            } catch (InterruptedException interrupted) {
                                Thread.currentThread().interrupt();
                            }
                        }))
                        .toList();
                together.countDown();
                for (Thread thread : archiving) {
                    thread.join();
                }
            }

            assertThat(store.text("select count(*) || ' ' || count(distinct job_id) from event where archived"))
                    .isEqualTo(count + " " + count);
        }

        @Test
        void shouldWriteNoLetterWhenALateOutputOfAFailedJobIsArchived() {
            ClaimedJob job = claimed();
            accept(job);
            apply(
                    job,
                    JobStatus.RUNNING,
                    new Next.Failed(ERROR),
                    new AttemptChange.Unfollowed(ERROR, SEEN, LookoutReason.DEADLINE));
            store.lookouts.completed("prediction " + job.jobId(), List.of("https://cdn/a.wav"), 5);
            publish();

            archive(store.archive.take(store.worker, 10, LEASE).getFirst());

            assertThat(publish()).singleElement().satisfies(event -> {
                assertThat(event.change().status()).isEqualTo("failed");
                assertThat(event.archived()).hasSize(1);
                assertThat(event.letter()).isEqualTo(new LetterChange.None());
            });
        }
    }

    @Nested
    class Letters {
        @Test
        void shouldCarryTheWholeRequestAndItsAttemptsWhenTheJobFailed() {
            ClaimedJob job = claimed();
            accept(job);
            fail(job);

            JobEvent failed = publish().getLast();

            Letter letter = put(failed).letter();
            assertThat(failed.change().status()).isEqualTo("failed");
            assertThat(letter.input()).isEqualTo("{\"prompt\":\"0\"}");
            assertThat(letter.labels()).isEqualTo("{}");
            assertThat(letter.maxAttempts()).isEqualTo(3);
            assertThat(letter.error()).isEqualTo(STORED_ERROR);
            assertThat(letter.failedAt())
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
            assertThat(letter.attempts()).singleElement().satisfies(attempt -> {
                assertThat(attempt.number()).isEqualTo(1);
                assertThat(attempt.status()).isEqualTo("failed");
                assertThat(attempt.chargedUsd()).isEqualTo(new BigDecimal("0.021700"));
                assertThat(attempt.inferenceMs()).isEqualTo(900);
                assertThat(attempt.error()).isEqualTo(STORED_ERROR);
            });
        }

        @Test
        void shouldTellHowOftenTheJobMayBeTried() {
            UUID job = store.enqueue(1, Lane.BULK).getFirst();
            store.execute("update job set max_attempts = 1");
            letFail(job);

            assertThat(put(publish().getLast()).letter().maxAttempts()).isEqualTo(1);
        }

        @Test
        void shouldBeRemovedWhenTheJobLeavesFailed() {
            UUID job = store.enqueue(1, Lane.BULK).getFirst();
            letFail(job);
            assertThat(put(publish().getLast()).letter().attempts()).isEmpty();

            leaveFailed(job);

            assertThat(publish()).singleElement().satisfies(event -> assertThat(event.letter())
                    .isEqualTo(new LetterChange.Remove()));
        }

        @Test
        void shouldFollowTheRowWhateverTheOrderOfEvents() {
            UUID job = store.enqueue(1, Lane.BULK).getFirst();
            letFail(job);
            leaveFailed(job);

            assertThat(publish().subList(1, 3))
                    .extracting(JobEvent::letter)
                    .containsExactly(new LetterChange.Remove(), new LetterChange.Remove());

            letFail(job);
            publish();
            store.execute("delete from job");
            store.events.writeLettersAgain(List.of(job));
            assertThat(publish()).isEmpty();
        }

        /** It was removed by rule and never left its state; who reads the topic still has the request. */
        @Test
        void shouldLeaveTheLetterOfAFailedJobThatIsGone() {
            UUID job = store.enqueue(1, Lane.BULK).getFirst();
            letFail(job);
            assertThat(put(publish().getLast()).letter().input()).contains("prompt");
            store.execute("delete from job");

            store.execute("update event_cursor set xid = '0', event_id = 0");
            assertThat(publish()).hasSize(2).allSatisfy(event -> assertThat(event.letter())
                    .isEqualTo(new LetterChange.None()));
        }

        @Test
        void shouldCutABatchWhereItsLettersBecomeTooLarge() {
            List<UUID> jobs = store.enqueue(30, Lane.BULK);
            publish();
            store.execute("update job_payload set input = '{\"prompt\":\"' || repeat('x', 1000000) || '\"}'");
            jobs.forEach(EventStoreIT.this::letFail);
            store.awaitHorizon();

            Batch first = taken();

            assertThat(first.events()).hasSizeBetween(8, 10);
            store.events.published(first);
            assertThat(publish()).hasSize(30 - first.events().size());
        }
    }

    @Nested
    class Reading {
        @Test
        void shouldNotSkipWhatATransactionCommitsLate() throws SQLException {
            try (Connection early = store.connection();
                    Connection late = store.connection()) {
                late.setAutoCommit(false);
                insert(late, "late");
                insert(early, "early");

                assertThat(store.texts("select id from event"))
                        .as("the later one is there, with the higher id")
                        .hasSize(1);
                assertThat(take()).as("an older transaction is under way").isEmpty();
                assertThat(store.events.oldestUnpublished()).isPresent();

                late.commit();
                assertThat(publish())
                        .extracting(event -> event.request().reference())
                        .containsExactly("late", "early");
            }
        }

        @Test
        void shouldNotSkipWhatAnOldTransactionWritesLate() throws SQLException {
            try (Connection early = store.connection();
                    Connection late = store.connection()) {
                late.setAutoCommit(false);
                try (var statement = late.createStatement()) {
                    statement.execute("select pg_current_xact_id()");
                }
                insert(early, "early");
                assertThat(take()).isEmpty();
                insert(late, "late");
                assertThat(take()).isEmpty();
                late.commit();
                insert(early, "next");

                assertThat(publish())
                        .extracting(event -> event.request().reference())
                        .containsExactly("late", "early", "next");
            }
        }

        @Test
        void shouldLetOnePublishAtATimeAndMoveTheCursorOnlyUnderItsFence() {
            store.enqueue(5, Lane.BULK);
            Batch first = taken();
            assertThat(take()).as("it is leased").isEmpty();

            store.execute("update event_cursor set lease_until = now()");
            Batch second = taken();

            assertThat(second.events()).isEqualTo(first.events());
            assertThat(store.events.published(first)).isFalse();
            assertThat(take()).as("the lost lease changed nothing").isEmpty();
            assertThat(store.events.published(second)).isTrue();
            assertThat(take()).isEmpty();
        }

        @Test
        void shouldGiveTheSameAgainAfterARelease() {
            store.enqueue(5, Lane.BULK);
            Batch first = taken();

            store.events.release(first);

            assertThat(publish()).isEqualTo(first.events());
        }

        private void insert(Connection connection, String reference) throws SQLException {
            try (var statement = connection.createStatement()) {
                statement.execute("insert into job (id, status, model, lane, reference, max_attempts, dispatch_at)"
                        + " values (gen_random_uuid(), 'queued', 'm', 'bulk', '" + reference + "', 3, now())");
            }
        }
    }

    @Nested
    class PublishingAgain {
        @Test
        void shouldPublishWhatIsKeptAgainWhenTheTopicIsAnother() {
            store.enqueue(3, Lane.BULK);
            assertThat(store.events.topicsSeen("a", "b")).isEqualTo(new Again(false, false));
            List<JobEvent> events = publish();
            Batch underWay = afterOneMore();

            assertThat(store.events.topicsSeen("a", "b")).isEqualTo(new Again(false, false));
            assertThat(store.events.topicsSeen("c", "b")).isEqualTo(new Again(true, false));

            assertThat(store.events.published(underWay)).isFalse();
            assertThat(publish()).hasSize(4).startsWith(events.toArray(JobEvent[]::new));
        }

        private Batch afterOneMore() {
            store.enqueue(1, Lane.BULK);
            return taken();
        }

        @Test
        void shouldWriteTheLettersOfAllFailedJobsWhenTheirTopicIsAnother() {
            List<UUID> jobs = store.enqueue(3, Lane.BULK);
            letFail(jobs.get(1));
            store.events.topicsSeen("a", "b");
            publish();

            assertThat(store.events.topicsSeen("a", "c")).isEqualTo(new Again(false, true));

            assertThat(publish()).singleElement().satisfies(event -> {
                assertThat(event.letterOnly()).isTrue();
                assertThat(event.jobId()).isEqualTo(jobs.get(1));
                assertThat(put(event).letter().input()).isEqualTo("{\"prompt\":\"1\"}");
            });
        }

        /** As after a restore into a cluster that has counted fewer transactions: cursor and rows are ahead of it. */
        @Test
        void shouldBeginAnewWhenTheClusterHasCountedFewerTransactions() {
            store.enqueue(2, Lane.BULK);
            store.events.topicsSeen("a", "b");
            publish();
            store.enqueue(2, Lane.BULK);
            store.execute("update event set xid = '4000000000' where id > 2");
            store.execute("update event_cursor set xid = '3000000000'");
            store.enqueue(1, Lane.BULK);

            assertThat(store.events.topicsSeen("a", "b")).isEqualTo(new Again(true, false));

            assertThat(publish()).hasSize(5);
            assertThat(store.events.topicsSeen("a", "b")).isEqualTo(new Again(false, false));
        }
    }

    @Nested
    class Forgetting {
        @Test
        void shouldRemoveOnlyWhatIsPublishedAndOld() {
            store.enqueue(3, Lane.BULK);
            publish();
            store.execute("update event set at = at - interval '2 days' where id <= 2");
            store.enqueue(2, Lane.BULK);
            store.execute("update event set at = at - interval '2 days' where id > 3");

            assertThat(store.events.forget(Duration.ofDays(1), 1)).isEqualTo(1);
            assertThat(store.events.forget(Duration.ofDays(1), 100)).isEqualTo(1);
            assertThat(store.events.forget(Duration.ofDays(1), 100)).isEqualTo(0);

            assertThat(publish()).hasSize(2);
        }
    }
}
