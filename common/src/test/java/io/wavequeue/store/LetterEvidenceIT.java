package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A history none of whose clips' addresses is known: every prediction of its model has a key without clips. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LetterEvidenceIT {
    private static final int LETTERS = 500;
    private static final int PREDICTIONS = 5_000;

    /** Whatever is read and then found to be another's. */
    private static final Pattern READ_IN_VAIN = Pattern.compile("Rows Removed by|Seq Scan on history_free");

    /** Letter n's input but for the clip is that of the predictions {@code a-n} and {@code b-n}. */
    private static final String LETTERS_OF_THE_MODEL = """
            with made as (
              insert into job (id, status, model, lane, max_attempts, error_class, error_message, error_retryable, settled_at)
              select md5('job' || n)::uuid, 'failed', 'm', 'bulk', 3, 'internal', 'it broke', false, now()
              from generate_series(1, %1$d) n
            ), marked as (
              insert into restored_job (job_id, letter_key, active_at, input_key, clipless_key)
              select md5('job' || n)::uuid, 'k', now() - interval '1 day', repeat(md5('ours' || n), 2), repeat(md5('clipless' || n), 2)
              from generate_series(1, %1$d) n
            )
            insert into resolution_item (resolution_id, job_id, attempt, replays, model)
            select '%2$s', md5('job' || n)::uuid, 0, 0, 'm'
            from generate_series(1, %1$d) n
            """;

    private static final String HISTORY = """
            insert into history_item (model, prediction_id, created_at, input_key, clipless_key)
            select 'm', p || '-' || n, now() + at, repeat(md5(p || n), 2), repeat(md5('clipless' || n), 2)
            from (values ('before', interval '-2 days'), ('a', interval '-2 hours'), ('b', interval '-1 hour')) v(p, at)
            cross join generate_series(1, %d) n
            """;

    private final StoreFixture store = new StoreFixture();
    private final UUID replay = UUID.randomUUID();

    @BeforeEach
    void fill() {
        store.empty();
        store.execute("truncate resolution, history_item, history_question cascade");
        store.execute("insert into history_question (model, since, state, wanted_until, begun_at, read_at)"
                + " values ('m', now() - interval '8 days', 'read', now(), now(), now())");
        store.execute("insert into resolution (id, kind, status) values ('" + replay + "', 'replay', 'planned')");
        store.execute(HISTORY.formatted(PREDICTIONS));
    }

    @AfterAll
    void close() {
        store.close();
    }

    /** Looks in a transaction in which the letters became rows, and which is rolled back. */
    private List<String> noted(String sql) throws SQLException {
        try (Connection connection = store.connection()) {
            connection.setAutoCommit(false);
            run(connection, "create temporary table letter_attempt (prediction_id text) on commit drop");
            run(
                    connection,
                    "create temporary table letter (id uuid, wanted boolean, asked_key text, asked_clipless text) on commit drop");
            run(connection, LETTERS_OF_THE_MODEL.formatted(LETTERS, replay));
            LetterEvidence.note(connection, replay);
            try (Bind bind = Bind.of(connection, sql)) {
                return bind.rows(row -> row.getString(1));
            } finally {
                connection.rollback();
            }
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Bind bind = Bind.of(connection, sql)) {
            bind.update();
        }
    }

    @Test
    void shouldReadOfEachLettersPredictionsTheLatestAlone() throws SQLException {
        assertThat(noted("explain (analyze, costs off, timing off) "
                        + LetterEvidence.NOTE_UNTOLD.replace("j.evidence is null", "j.job_id is not null")))
                .anyMatch(line -> line.contains("using history_free_clipless"))
                .anyMatch(line -> line.contains("using history_free_untold"))
                .noneMatch(line -> READ_IN_VAIN.matcher(line).find());
    }

    @Test
    void shouldNameTheLatestPredictionThatMayBeTheLettersOwn() throws SQLException {
        String messages = "select distinct regexp_replace(evidence_message, '-[0-9]+ ', '-n ') from resolution_item";
        assertThat(noted(messages))
                .containsExactly(
                        "the provider made prediction b-n of its model after its letter was written, with an equal"
                                + " input but for the clip, whose address is not known here");

        store.execute("insert into history_item (model, prediction_id, created_at) values"
                + " ('m', 'u-1', now() - interval '90 minutes'), ('other', 'u-3', now())");
        assertThat(noted(messages)).singleElement().asString().contains("prediction b-n ");
        store.execute("insert into history_item (model, prediction_id, created_at) values ('m', 'u-2', now())");
        assertThat(noted(messages))
                .containsExactly(
                        "the provider made prediction u-n of its model after its letter was written, and does not"
                                + " tell its input");
    }

    @Test
    void shouldHoldNothingAgainstALetterWhosePredictionsAreOlder() throws SQLException {
        store.execute("delete from history_item where prediction_id not like 'before-%'");

        assertThat(noted("select distinct coalesce(evidence, 'none') from resolution_item"))
                .containsExactly("none");
    }
}
