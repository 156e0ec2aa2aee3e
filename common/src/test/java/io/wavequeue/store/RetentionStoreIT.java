package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.Lane;
import io.wavequeue.store.BatchStore.Batch;
import io.wavequeue.store.MediaStore.Media;
import io.wavequeue.store.RetentionStore.Chunk;
import io.wavequeue.store.RetentionStore.Folder;
import io.wavequeue.store.RetentionStore.Keeping;
import io.wavequeue.store.RetentionStore.OldFile;
import io.wavequeue.store.RetentionStore.Place;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows are made at one time of the database's clock and looked at 91 days later. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetentionStoreIT {
    private static final Duration AGE = Duration.ofDays(91);
    private static final Keeping KEEPING = new Keeping(
            Duration.ofDays(90), Duration.ofDays(90), Duration.ofDays(90), Duration.ofDays(7), Duration.ofDays(90));
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final int MANY = 100;

    /** Everything about an ended job is settled. */
    private static final String SETTLED = """
            with ended as (
              update job
              set status = '%1$s', dispatch_at = null, settled_at = now(), attempt = 1, version = version + 1,
                  error_class = case '%1$s' when 'failed' then 'internal' end,
                  error_message = case '%1$s' when 'failed' then 'it broke' end,
                  error_retryable = case '%1$s' when 'failed' then false end
              where status = 'queued'
              returning id
            ), tried as (
              insert into attempt (job_id, number, status, worker_id, prediction_id, accepted_at, completed_at, charged_usd, refunded_usd, budget_day)
              select id, 1, case '%1$s' when 'failed' then 'failed' else 'completed' end, id, 'p-' || id, now(), now(), 0.0217,
                     case '%1$s' when 'failed' then 0.0217 end, current_date
              from ended
            )
            insert into output (job_id, number, attempt, url, file, bytes, sha256, archived_at)
            select id, 0, 1, 'u', 'day/' || id || '_0.wav', 1, 's', now()
            from ended
            where '%1$s' = 'succeeded'
            """;

    private static final String PUBLISHED =
            "update event_cursor set xid = (select max(xid) from event), event_id = (select max(id) from event)";

    private final StoreFixture store = StoreFixture.withTurnedClock();
    private final MediaStore media = new MediaStore(store.database);
    private boolean turned;

    @BeforeEach
    void clean() {
        if (turned) {
            turn(AGE.negated());
        }
        turned = false;
        store.empty();
        store.execute("truncate removal, past_jobs, library, plan, lookout, media, resolution, output cascade");
        store.execute("update bill_cursor set position = null");
    }

    @AfterAll
    void close() {
        store.close();
    }

    private void turn(Duration by) {
        turned = !turned;
        store.turn(by);
    }

    private UUID ended(String status) {
        UUID job = store.enqueue(1, Lane.BULK).getFirst();
        settle(status);
        return job;
    }

    private void settle(String status) {
        store.execute(SETTLED.formatted(status));
        store.execute(PUBLISHED);
    }

    private int remove(RetentionRule rule) {
        return remove(rule, KEEPING);
    }

    private int remove(RetentionRule rule, Keeping keeping) {
        return remove(rule, keeping, MANY).stream().mapToInt(Chunk::removed).sum();
    }

    /** To the end. */
    private List<Chunk> remove(RetentionRule rule, Keeping keeping, int most) {
        List<Chunk> chunks = new ArrayList<>();
        @Nullable Place place = null;
        do {
            chunks.add(store.retention.remove(rule, keeping, place, most).orElseThrow());
            place = chunks.getLast().next();
        } while (place != null);
        return chunks;
    }

    private List<OldFile> files() {
        return store.retention.takeFiles(MANY, LEASE);
    }

    private int count(String from) {
        return Integer.parseInt(store.text("select count(*) from " + from));
    }

    /** What keeps a job, and what ends that. */
    private enum Guard {
        ENDED_TOO_LATELY(
                "update job set settled_at = now() - interval '89 days'",
                "update job set settled_at = now() - interval '91 days'"),
        NOT_ENDED(
                "update job set status = 'queued', settled_at = null, dispatch_at = now(), version = version + 1",
                "update job set status = 'succeeded', settled_at = now() - interval '91 days', dispatch_at = null, version = version + 1; "
                        + PUBLISHED),
        OUTPUT_IS_NOT_ARCHIVED(
                "update output set archived_at = null, archive_at = now()",
                "update output set archived_at = now(), archive_at = null"),
        OUTPUT_IS_NOT_LOOKED_AT("update output set check_at = now()", "update output set check_at = null"),
        A_TAKE_NAMES_IT(
                "insert into library values ('l'); insert into take (library, reference, number, content_key, job_id)"
                        + " select 'l', 'cue', 1, repeat('a', 64), id from job",
                "delete from take"),
        A_DECISION_NAMES_IT(
                "insert into resolution (id, kind, decision, status) select id, 'resolution', 'adopt', 'paused' from job;"
                        + " insert into resolution_item (resolution_id, job_id, attempt) select id, id, 1 from job",
                "delete from resolution"),
        A_WEBHOOK_IS_NOT_JUDGED(
                "insert into webhook_evidence (token, prediction_id, job_id, attempt) select id, 'q', id, 1 from job",
                "update webhook_evidence set judged_at = now()"),
        A_DIFFERENCE_CONCERNS_IT(
                "insert into bill_difference (kind, subject, job_id, billed_usd) select 'charged_without_job', 'q', id, 1 from job",
                "update bill_difference set resolved_at = now()"),
        A_DIFFERENCE_CONCERNS_ITS_PREDICTION(
                "insert into bill_difference (kind, subject, billed_usd) select 'other_price', prediction_id, 1 from attempt",
                "update bill_difference set resolved_at = now()"),
        AN_ATTEMPT_IS_OPEN("update attempt set status = 'uncertain'", "update attempt set status = 'completed'"),
        ITS_PREDICTION_IS_LOOKED_AT(
                "insert into lookout (prediction_id, model, reason, made_at) select prediction_id, 'm', 'deadline', now() from attempt",
                "update lookout set look_at = null, ended_at = now(), outcome = 'expired'"),
        A_LINE_OF_THE_BILL_IS_NOT_BOOKED(line(false), "update bill_row set booked = true"),
        THE_REFUND_MAY_COME(
                "update attempt set status = 'failed'; " + line(true), "update attempt set refunded_usd = charged_usd"),
        NOBODY_SAID_THAT_THE_REFUND_WILL_NOT_COME(
                "update attempt set status = 'failed'; " + line(true),
                "insert into bill_difference (kind, subject, billed_usd, resolved_at)"
                        + " select 'refund_missing', prediction_id, 1, now() from attempt"),
        THE_BILL_IS_NOT_READ_SO_FAR(
                "update bill_cursor set position = now() - interval '84 days'",
                "update bill_cursor set position = now()"),
        ITS_END_IS_NOT_PUBLISHED(
                "update event_cursor set xid = '0', event_id = 0; update event set at = now() - interval '91 days'",
                PUBLISHED);

        private final String keep;
        private final String release;

        Guard(String keep, String release) {
            this.keep = keep;
            this.release = release;
        }

        private static String line(boolean booked) {
            return "insert into bill_row (uuid, prediction_id, kind, usd, billed_at, settled, booked)"
                    + " select 'l', prediction_id, 'deduct', 0.0217, now(), true, " + booked + " from attempt";
        }
    }

    @Nested
    class Jobs {
        @ParameterizedTest
        @EnumSource(Guard.class)
        void shouldStayAsLongAsAnythingAboutThemIsNotSettled(Guard guard) {
            ended("succeeded");
            turn(AGE);
            store.execute(guard.keep);

            assertThat(remove(RetentionRule.JOBS)).isZero();

            store.execute(guard.release);
            assertThat(remove(RetentionRule.JOBS)).isOne();
        }

        @Test
        void shouldGoWithAllTheirRowsAndLeaveTheirFilesAndSumsBehind() {
            UUID job = ended("succeeded");
            store.execute("insert into idempotency_key (scope, key, body_hash, job_id) values ('s', 'k', 'h', '" + job
                    + "')");
            store.execute("insert into candidate (job_id, attempt, prediction_id) values ('" + job + "', 1, 'q')");
            ended("failed");
            turn(AGE);
            int events = count("event");

            assertThat(remove(RetentionRule.JOBS)).isEqualTo(2);

            for (String table : List.of("job", "job_payload", "attempt", "output", "candidate", "idempotency_key")) {
                assertThat(count(table)).as(table).isZero();
            }
            assertThat(count("event")).isEqualTo(events);
            assertThat(files()).containsExactly(new OldFile(Folder.OUTPUTS, "day/" + job + "_0.wav"));
            assertThat(store.text("""
                    select concat_ws(' ', model, jobs, succeeded, failed, archived, estimated_usd, charged_usd, refunded_usd) from past_jobs
                    """)).isEqualTo("m 2 1 1 1 0.043400 0.043400 0.021700");
        }

        @Test
        void shouldLeaveTheirFilesForAsLongAsThoseAreKept() {
            ended("succeeded");
            turn(AGE);
            Keeping longer = new Keeping(KEEPING.jobs(), Duration.ofDays(100), null, null, null);
            assertThat(remove(RetentionRule.JOBS, longer)).isOne();

            assertThat(files()).isEmpty();
            store.turn(Duration.ofDays(10));
            assertThat(files()).hasSize(1);
            store.turn(Duration.ofDays(-10));
        }

        @Test
        void shouldLeaveTheirFilesForEverWhenThoseAreKeptForEver() {
            ended("succeeded");
            turn(AGE);

            assertThat(remove(RetentionRule.JOBS, new Keeping(KEEPING.jobs(), null, null, null, null)))
                    .isOne();

            assertThat(count("removal")).isZero();
        }

        @Test
        void shouldStayForEverWhenKeptForEver() {
            ended("succeeded");
            turn(AGE);

            assertThat(store.retention.remove(
                            RetentionRule.JOBS, new Keeping(null, null, null, null, null), null, MANY))
                    .contains(new Chunk(0, null));
        }

        @Test
        void shouldBeGoneThroughInChunksPastThoseThatStay() {
            store.enqueue(5, Lane.BULK);
            settle("succeeded");
            turn(AGE);
            store.execute(
                    "update output set check_at = now() where job_id in (select id from job order by id limit 2)");

            assertThat(remove(RetentionRule.JOBS, KEEPING, 2))
                    .extracting(Chunk::removed)
                    .containsExactly(0, 2, 1);
        }

        @Test
        void shouldBeSkippedWhileAnotherTransactionHasThem() throws SQLException {
            ended("succeeded");
            turn(AGE);
            try (Connection other = store.connection();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("select id from job for key share");

                assertThat(remove(RetentionRule.JOBS)).isZero();
                other.rollback();
            }
            assertThat(remove(RetentionRule.JOBS)).isOne();
        }

        @Test
        void shouldNotBeTouchedWhileAnotherProcessIsAtIt() throws SQLException {
            ended("succeeded");
            turn(AGE);
            try (Connection other = store.connection();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("select pg_advisory_xact_lock(" + 0x52455441 + ")");

                assertThat(store.retention.remove(RetentionRule.JOBS, KEEPING, null, MANY))
                        .isEmpty();
                other.rollback();
            }
        }

        /** It may be looking for results that it need not buy again. */
        @Test
        void shouldNotBeTouchedWhileABatchOfALibraryIsBeingMade() throws SQLException {
            ended("succeeded");
            turn(AGE);
            store.execute("insert into library values ('l')");
            try (Connection other = store.connection();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("select name from library for update");

                assertThat(store.retention.remove(RetentionRule.JOBS, KEEPING, null, MANY))
                        .isEmpty();
                other.rollback();
            }
            assertThat(remove(RetentionRule.JOBS)).isOne();
        }
    }

    @Nested
    class Batches {
        @Test
        void shouldCountWhatWasRemovedAndGoWithTheLastJob() {
            UUID batch = store.batch(3, null);
            settle("succeeded");
            Batch before = store.batches.find(batch).orElseThrow();
            turn(AGE);
            store.execute("update output set check_at = now() where job_id = (select id from job order by id limit 1)");

            assertThat(remove(RetentionRule.JOBS)).isEqualTo(2);
            assertThat(remove(RetentionRule.BATCHES)).isZero();
            assertThat(store.batches.find(batch)).contains(before);

            store.execute("update output set check_at = null");
            assertThat(remove(RetentionRule.JOBS)).isOne();
            assertThat(store.batches.find(batch)).contains(before);
            assertThat(remove(RetentionRule.BATCHES)).isOne();
        }

        @Test
        void shouldKeepThePlanThatTheyCameFrom() {
            UUID batch = store.batch(1, null);
            store.execute("""
                    insert into plan (id, manifest, parameters, catalogue, state, lines, summary, batch_id)
                    values (gen_random_uuid(), 'm', 'p', 'c', 's', 1, '{}', '%s'), (gen_random_uuid(), 'm', 'p', 'c', 's', 1, '{}', null)
                    """.formatted(batch));
            assertThat(remove(RetentionRule.PLANS)).isZero();
            turn(AGE);

            assertThat(remove(RetentionRule.PLANS)).isOne();
            assertThat(store.text("select batch_id from plan")).isEqualTo(batch.toString());
        }
    }

    @Nested
    class OfNobody {
        private void find(String prediction) {
            store.execute("""
                    insert into output (prediction_id, number, url, file, bytes, sha256, archived_at)
                    values ('%1$s', 0, 'u', 'unassigned/%1$s_0.wav', 1, 's', now());
                    insert into lookout (prediction_id, model, reason, made_at, look_at, ended_at, outcome)
                    values ('%1$s', 'm', 'unassigned', now(), null, now(), 'completed')
                    """.formatted(prediction));
        }

        @Test
        void shouldStayAsLongAsAPersonMayAdoptThem() {
            find("q");
            UUID doubtful = store.enqueue(1, Lane.BULK).getFirst();
            store.execute("""
                    insert into attempt (job_id, number, status, worker_id, budget_day) values ('%1$s', 1, 'uncertain', '%1$s', current_date);
                    insert into candidate (job_id, attempt, prediction_id) values ('%1$s', 1, 'q')
                    """.formatted(doubtful));
            turn(AGE);

            assertThat(remove(RetentionRule.UNASSIGNED) + remove(RetentionRule.LOOKOUTS))
                    .isZero();

            store.execute("delete from candidate");
            assertThat(remove(RetentionRule.UNASSIGNED)).isOne();
            assertThat(remove(RetentionRule.LOOKOUTS)).isOne();
            assertThat(files()).containsExactly(new OldFile(Folder.OUTPUTS, "unassigned/q_0.wav"));
        }

        @Test
        void shouldStayWhileTheirChargeIsInQuestion() {
            find("q");
            store.execute("insert into bill_difference (kind, subject, billed_usd) values ('not_ours', 'q', 1)");
            turn(AGE);
            assertThat(remove(RetentionRule.UNASSIGNED)).isZero();
        }

        /** A job that adopted the prediction names the same file. */
        @Test
        void shouldLeaveTheFileToAJobThatNamesItToo() {
            find("q");
            ended("succeeded");
            store.execute("update output set file = 'unassigned/q_0.wav', check_at = now() where job_id is not null");
            turn(AGE);

            assertThat(remove(RetentionRule.UNASSIGNED)).isOne();
            assertThat(files()).isEmpty();
            assertThat(count("removal")).isZero();

            store.execute("update output set check_at = null");
            assertThat(remove(RetentionRule.JOBS)).isOne();
            assertThat(files()).containsExactly(new OldFile(Folder.OUTPUTS, "unassigned/q_0.wav"));
        }
    }

    @Nested
    class Money {
        @Test
        void shouldKeepTheBillsLinesLongerThanTheAttemptsTheyPaidFor() {
            ended("succeeded");
            store.execute(Guard.line(true));
            store.execute("""
                    insert into bill_difference (kind, subject, billed_usd, resolved_at)
                    select 'other_price', prediction_id, 1, now() from attempt
                    """);
            turn(AGE);

            assertThat(remove(RetentionRule.BILL_ROWS)).isZero();
            store.execute("update bill_cursor set position = now()");
            assertThat(remove(RetentionRule.BILL_ROWS)).isZero();
            assertThat(remove(RetentionRule.DIFFERENCES)).isZero();

            assertThat(remove(RetentionRule.JOBS)).isOne();
            store.execute("update bill_cursor set position = now() - interval '84 days'");
            assertThat(remove(RetentionRule.BILL_ROWS)).isZero();
            store.execute("update bill_cursor set position = now()");
            assertThat(remove(RetentionRule.BILL_ROWS)).isOne();
            assertThat(remove(RetentionRule.DIFFERENCES)).isOne();
        }
    }

    @Nested
    class Clips {
        private static final String SHA = "ab".repeat(32);

        private void upload() {
            media.add(new Media(SHA, 1, "audio/wav", "a.wav", null, null));
            store.execute("update media set used_at = now()");
        }

        @Test
        void shouldStayAsLongAsARequestThatIsKeptNamesThem() {
            upload();
            store.enqueue(1, Lane.BULK);
            store.execute("update job_payload set input = '{\"audio\":\"media:sha256:" + SHA + "\"}'");
            turn(AGE);
            assertThat(remove(RetentionRule.MEDIA)).isZero();

            store.execute("update job_payload set input = '{}'");
            assertThat(remove(RetentionRule.MEDIA)).isOne();
            assertThat(files()).containsExactly(new OldFile(Folder.MEDIA, SHA));
        }

        @Test
        void shouldStayWhenARequestAskedForThemLately() {
            upload();
            turn(AGE);
            assertThat(media.find(SHA, LEASE)).isPresent();

            assertThat(remove(RetentionRule.MEDIA)).isZero();
        }

        @Test
        void shouldHaveTheirFileLeftWhenTheyCameAgain() {
            upload();
            turn(AGE);
            assertThat(remove(RetentionRule.MEDIA)).isOne();
            upload();

            assertThat(files()).isEmpty();
            assertThat(count("removal")).isZero();
        }
    }

    @Test
    void shouldKeepWorkersThatHoldJobsAndTheOneOfZeros() {
        store.execute("""
                insert into worker (id, host, pid, version, ended_at, end_reason)
                select gen_random_uuid(), 'h', 1, 'v', now(), 'silent' from generate_series(1, 2)
                """);
        UUID job = store.enqueue(1, Lane.BULK).getFirst();
        store.execute("""
                update job set status = 'running', dispatch_at = null, version = version + 1,
                               worker_id = (select id from worker where end_reason = 'silent' limit 1)
                where id = '%s'
                """.formatted(job));
        turn(AGE);

        assertThat(remove(RetentionRule.WORKERS)).isOne();
        assertThat(count("worker where id = '00000000-0000-0000-0000-000000000000'"))
                .isOne();
    }

    /** One that was handed out is another's only after its lease; one that failed, after its delay. */
    @Test
    void shouldHandOutAFileUntilItIsGone() {
        ended("succeeded");
        turn(AGE);
        remove(RetentionRule.JOBS);
        List<OldFile> taken = files();
        assertThat(taken).hasSize(1);
        assertThat(files()).isEmpty();

        store.turn(LEASE);
        assertThat(files()).isEqualTo(taken);
        store.retention.failed(taken.getFirst(), "no permission", Duration.ofHours(1));
        store.turn(LEASE);
        assertThat(files()).isEmpty();
        assertThat(store.text("select error from removal")).isEqualTo("no permission");

        store.retention.removed(taken);
        store.turn(Duration.ofHours(2));
        assertThat(files()).isEmpty();
        store.turn(LEASE.multipliedBy(2).plusHours(2).negated());
    }
}
