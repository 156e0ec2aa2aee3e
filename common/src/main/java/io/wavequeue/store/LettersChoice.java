package io.wavequeue.store;

import io.wavequeue.store.view.JobFilter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the jobs that letters on the dead-letter topic tell of. One whose row is here is an item as it is; of the others rows
 * are made first, failed as the letter says, so that from then on they are jobs like any. What no job can be made of is noted
 * with its reason. All of it is in the caller's transaction: when that is rolled back, nothing was.
 *
 * <p>Against each restored job it notes what the provider's history says ({@link LetterEvidence}). That is for the guards.
 */
public final class LettersChoice implements BulkChoice {
    private final LetterSpool spool;
    private final Meant meant;
    private List<byte[]> otherKeys = List.of();

    public LettersChoice(LetterSpool spool, Meant meant) {
        this.spool = spool;
        this.meant = meant;
    }

    /**
     * Which letters.
     *
     * @param since failed at or after; null = any time
     * @param until failed before; null = any time
     * @param filter holds for the job, restored or here
     */
    public record Meant(@Nullable Instant since, @Nullable Instant until, JobFilter filter) {}

    @Override
    public void choose(Connection connection, UUID replayId) throws SQLException {
        read(connection);
        run(connection, LetterSql.REFUSE_TAKEN);
        try (Bind bind = Bind.of(connection, LetterSql.KEEP_REFUSALS)) {
            bind.uuid(replayId).time(meant.since()).time(meant.until()).update();
        }
        restore(connection);
        try (Bind bind = Bind.of(connection, LetterSql.ADD_ITEMS)) {
            bind.uuid(replayId);
            FilterSql.bind(bind, meant.filter()).update();
        }
        LetterEvidence.note(connection, replayId);
        try (Bind bind = Bind.of(connection, LetterSql.OTHER_KEYS)) {
            otherKeys = bind.time(meant.since()).time(meant.until()).rows(row -> row.getBytes("key"));
        }
    }

    /** What the restored attempts cost counts from the commit on. Last, since claims wait for the day's row and the batches'. */
    @Override
    public void prepare(Connection connection, UUID operation) throws SQLException {
        try (Bind bind = Bind.of(connection, LetterSql.WRITE_ANEW)) {
            bind.time(meant.since()).time(meant.until()).update();
        }
        run(connection, LetterSql.COMMIT_DAYS);
        run(connection, LetterSql.COMMIT_BATCHES);
    }

    /**
     * After the commit: keys of letters whose jobs have rows by now, which write letters under keys of their own. These are to be
     * removed from the topic.
     */
    public List<byte[]> otherKeys() {
        return otherKeys;
    }

    /** Models whose predictions speak against restored jobs, and from when on. */
    Map<String, Instant> toAsk(Connection connection) throws SQLException {
        spool.copyHeads(connection);
        Map<String, Instant> models = new TreeMap<>();
        try (Bind bind = Bind.of(connection, LetterSql.TO_ASK)) {
            bind.time(meant.since())
                    .time(meant.until())
                    .text(meant.filter().model())
                    .rows(row -> models.put(row.getString("model"), Bind.instant(row, "since")));
        }
        return models;
    }

    private void read(Connection connection) throws SQLException {
        spool.copyLetters(connection);
        try (Bind bind = Bind.of(connection, LetterSql.JUDGE)) {
            bind.time(meant.since()).time(meant.until()).update();
        }
        run(connection, LetterSql.SENT_SINCE);
        run(connection, LetterSql.CREATE_ATTEMPTS);
        run(connection, LetterSql.ANALYZE);
    }

    private void restore(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, LetterSql.CHOOSE)) {
            FilterSql.bind(bind, meant.filter()).update();
        }
        run(connection, LetterSql.RESTORE);
        run(connection, LetterSql.ADD_PAYLOADS);
        run(connection, LetterSql.ADD_MARKS);
        run(connection, LetterSql.ADD_ATTEMPTS);
        try (Bind bind = Bind.of(connection, LetterSql.ADD_LOOKOUTS)) {
            bind.seconds(LookoutStore.KEPT).update();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Bind bind = Bind.of(connection, sql)) {
            bind.update();
        }
    }
}
