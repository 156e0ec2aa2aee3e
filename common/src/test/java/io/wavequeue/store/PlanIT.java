package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.BulkKind;
import io.wavequeue.job.Lane;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Statements over rows that are named read those alone, also while the planner believes that no row waits (ADR 0013). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlanIT {
    private static final int MANY = 3_000;

    private static final Pattern ALL_OF_A_KIND = Pattern.compile(
            "job_due_in_turn|job_sent|job_queued_of_model|output_due|output_check_due|Seq Scan on (job|output|take)\\b");

    private static final Pattern IN_ITS_ORDER =
            Pattern.compile("Index Scan using (job_due_in_turn|job_sent|job_interactive_sent) ");

    private static final Pattern ALL_THAT_IS_QUEUED =
            Pattern.compile("job_queued_of_model|job_by|job_newest|Seq Scan on job|Hash Join");

    private static final Pattern ALL_OF_A_BATCH = Pattern.compile("job_queued_of_model|job_by|Seq Scan on job\\b");

    private static final Pattern MORE_THAN_ONE_JOBS = Pattern.compile(
            "bill_row_unbooked|bill_row_unlisted|webhook_evidence_open|lookout_due|Seq Scan on (job|attempt|output|take|bill_row|lookout)\\b");

    private final StoreFixture store = new StoreFixture();

    /** The statistics are of a moment at which all had ended. */
    @BeforeAll
    void fill() {
        store.enqueue(MANY, Lane.BULK);
        store.execute(
                "update job set status = 'cancelled', dispatch_at = null, settled_at = now(), version = version + 1");
        store.execute("""
                insert into output (job_id, number, attempt, url, file, bytes, sha256, archived_at)
                select id, 0, 1, 'u', 'f', 1, 's', now()
                from job
                """);
        for (String table : List.of("job", "job_payload", "output", "event", "event_cursor", "price_factor")) {
            store.execute("vacuum analyze " + table);
        }
        store.execute("insert into library (name) values ('l')");
        store.execute("vacuum analyze take");
        store.execute("alter table take set (autovacuum_enabled = off)");
        store.execute("""
                insert into take (library, reference, number, content_key, job_id)
                select 'l', id::text, 1, repeat('a', 64), id
                from job
                """);
        store.execute("alter table job set (autovacuum_enabled = off)");
        store.execute("alter table output set (autovacuum_enabled = off)");
        store.enqueue(MANY, Lane.BULK);
        store.execute("""
                insert into output (job_id, number, attempt, url, archive_at)
                select id, 1, 1, 'u', now()
                from job
                where status = 'cancelled'
                """);
    }

    @AfterAll
    void close() {
        store.close();
    }

    static List<Named<String>> statements() {
        return List.of(
                Named.of("claim", ClaimStore.LOCK_JOBS),
                Named.of("release", DispatchStore.RELEASE),
                Named.of("hold", JobHold.WRITE),
                Named.of("release of a batch", BatchJobs.RELEASE),
                Named.of("archived", ArchiveStore.ARCHIVED),
                Named.of("events of batches", BatchEvents.READ),
                Named.of("takes of cues", BatchTakes.TAKES),
                Named.of("checked", CheckStore.CHECKED),
                Named.of("let go", ArchiveStore.LET_GO),
                Named.of("takes of cues to be placed", PlaceStore.READ));
    }

    static List<Named<String>> nextInLine() {
        return List.of(
                Named.of("batches in turn", BatchTurns.IN_TURN),
                Named.of("jobs of the batches", BatchTurns.BUT),
                Named.of("jobs of one model", BatchTurns.OF),
                Named.of("jobs to be sent again", DispatchStore.AGAIN),
                Named.of("jobs that are out", DispatchStore.OUTSTANDING),
                Named.of("interactive jobs that wait", LanePriority.WAITING));
    }

    /** What keeps an old job is asked job by job, however much of the kind there is. */
    @Test
    void shouldAskByKeyWhatKeepsAJob() throws SQLException {
        assertThat(plan(RetentionSql.REMOVE_JOBS))
                .isNotEmpty()
                .noneMatch(line -> MORE_THAN_ONE_JOBS.matcher(line).find());
    }

    /** Whether a replay had a job go again is asked job by job, however many jobs the filter is asked about. */
    @ParameterizedTest
    @EnumSource(BulkKind.class)
    void shouldAskByKeyWhetherAReplayHadAJobGoAgain(BulkKind kind) throws SQLException {
        assertThat(plan(FilterChoice.sql(kind)))
                .anyMatch(line -> line.contains("Scan using job_replay_"))
                .anyMatch(line -> line.contains("Scan using resolution_item_"))
                .noneMatch(line -> line.contains("Seq Scan on job_replay"))
                .noneMatch(line -> line.contains("Seq Scan on resolution_item"));
    }

    static List<Named<String>> ofABatch() {
        return List.of(
                Named.of("waiting", BatchJobs.WAITING),
                Named.of("live", BatchJobs.LIVE),
                Named.of("not covered", BatchJobs.NOT_COVERED),
                Named.of("paused", BatchJobs.PAUSED),
                Named.of("covered", BatchJobs.COVERED));
    }

    /** What follows a batch's row is found among what waits, not among all that the batch ever had. */
    @ParameterizedTest
    @MethodSource("ofABatch")
    void shouldNotReadWhatHasEnded(String sql) throws SQLException {
        assertThat(plan(sql))
                .anyMatch(line -> line.contains("job_due_in_turn") || line.contains("job_held_of_batch"))
                .noneMatch(line -> ALL_OF_A_BATCH.matcher(line).find());
    }

    /** However long the line is, its head is found by the index that is in its order. */
    @ParameterizedTest
    @MethodSource("nextInLine")
    void shouldReadTheHeadOfTheLineAlone(String sql) throws SQLException {
        assertThat(plan(sql))
                .anyMatch(line -> IN_ITS_ORDER.matcher(line).find())
                .noneMatch(line -> ALL_THAT_IS_QUEUED.matcher(line).find());
    }

    static List<Named<String>> load() {
        return List.of(
                Named.of("waiting", LoadStore.WAITING),
                Named.of("out", LoadStore.OUT),
                Named.of("under way", LoadStore.UNDER_WAY));
    }

    /** However many jobs have ended, what is before the account is counted without them. */
    @ParameterizedTest
    @MethodSource("load")
    void shouldCountWhatHasNotEndedAlone(String sql) throws SQLException {
        assertThat(plan(sql))
                .anyMatch(line -> IN_ITS_ORDER.matcher(line).find() || line.contains("job_worked"))
                .noneMatch(
                        line -> line.contains("Seq Scan on job") || line.contains("job_by") || line.contains("job_pk"));
    }

    @ParameterizedTest
    @MethodSource("statements")
    void shouldReadByKeyWhatIsNamed(String sql) throws SQLException {
        assertThat(plan(sql))
                .isNotEmpty()
                .noneMatch(line -> ALL_OF_A_KIND.matcher(line).find());
    }

    /** The plan for any parameters, which a connection uses from a statement's sixth time on. */
    private List<String> plan(String sql) throws SQLException {
        String numbered = sql;
        int parameters = 0;
        while (numbered.contains("?")) {
            numbered = numbered.replaceFirst("\\?", "\\$" + ++parameters);
        }
        String nulls = parameters == 0 ? "" : "(" + String.join(", ", Collections.nCopies(parameters, "null")) + ")";
        try (Connection connection = store.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("set random_page_cost = 1.1");
            statement.execute("set enable_bitmapscan = off");
            statement.execute("set plan_cache_mode = force_generic_plan");
            statement.execute("prepare planned as " + numbered);
            try (ResultSet result = statement.executeQuery("explain execute planned" + nulls)) {
                List<String> lines = new ArrayList<>();
                while (result.next()) {
                    lines.add(result.getString(1));
                }
                return lines;
            } finally {
                statement.execute("deallocate planned");
                statement.execute("reset all");
            }
        }
    }
}
