package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of the provider's history somebody wants to know, and what workers read of it: predictions that no attempt here has. A
 * reading is one worker's at a time; one that dies is begun anew by another, and what it had met is kept.
 */
@ApplicationScoped
public class HistoryStore {
    /** A reading that ended so long ago says nothing any more: somebody may have made a prediction since. */
    static final Duration COUNTS_FOR = Duration.ofMinutes(15);

    /** The provider tells of no prediction that is older. */
    public static final Duration KEPT_BY_PROVIDER = Duration.ofDays(7);

    /** A reading under way goes on unless it began too late. */
    private static final String WANT = """
            insert into history_question as q (model, since, state, wanted_until, due_at)
            select w.model, greatest(w.since, now() - make_interval(secs => p.most_s)), 'wanted',
                   now() + make_interval(secs => p.patience_s), now()
            from (select ?::float8 as most_s, ?::float8 as patience_s) p
            cross join unnest(?::text[], ?::timestamptz[]) as w(model, since)
            order by w.model
            on conflict (model) do update
            set since = case when q.state = 'read' then excluded.since else least(q.since, excluded.since) end,
                wanted_until = excluded.wanted_until,
                state = case when q.state = 'reading' and q.since <= excluded.since and q.wanted_until > now()
                             then q.state else 'wanted' end,
                due_at = case when q.state = 'reading' and q.since <= excluded.since and q.wanted_until > now()
                              then q.due_at else now() end,
                tries = case when q.state = 'reading' and q.since <= excluded.since and q.wanted_until > now()
                             then q.tries else q.tries + 1 end,
                found = case when q.state = 'reading' then q.found else 0 end,
                read_at = null
            where q.state <> 'read'
               or q.since > excluded.since
               or q.read_at <= now() - make_interval(secs => ?)
            """;

    private static final String FORGET = """
            with gone as (
              delete from history_question
              where wanted_until < now() - interval '1 day'
            )
            delete from history_item where seen_at < now() - make_interval(secs => ?)
            """;

    private static final String READ = """
            select q.model, q.state = 'read' as is_read, q.found, q.error
            from history_question q
            where q.model = any(?)
            """;

    private static final String TAKE = """
            with due as materialized (
              select model
              from history_question
              where due_at <= now()
                and wanted_until > now()
              order by due_at
              limit 1
              for update skip locked
            )
            update history_question q
            set state = 'reading', due_at = now() + make_interval(secs => ?), tries = q.tries + 1, begun_at = now(), found = 0
            from due d
            where q.model = d.model
            returning q.model, q.since, q.tries, q.begun_at
            """;

    /** Of whoever took it last. */
    private static final String TAKEN = """
            where model = ?
              and tries = ?
              and state = 'reading'
            """;

    private static final String PAGE = """
            update history_question
            set found = found + ?, due_at = now() + make_interval(secs => ?), error = null
            """ + TAKEN;

    private static final String KEEP = """
            insert into history_item as h (model, prediction_id, created_at, input_key, clipless_key)
            select ?, *
            from unnest(?::text[], ?::timestamptz[], ?::text[], ?::text[])
            order by 2
            on conflict (model, prediction_id) do update
            set created_at = coalesce(excluded.created_at, h.created_at),
                input_key = coalesce(excluded.input_key, h.input_key),
                clipless_key = case when excluded.input_key is null then h.clipless_key else excluded.clipless_key end,
                seen_at = now()
            """;

    private static final String KNOWN = """
            select prediction_id
            from attempt
            where prediction_id = any(?)
            union all
            select prediction_id
            from history_item
            where model = ?
              and prediction_id = any(?)
              and input_key is not null
              and clipless_key is null
            """;

    private final Database database;

    HistoryStore(Database database) {
        this.database = database;
    }

    /**
     * How a reading stands.
     *
     * @param found predictions met so far
     * @param error what went wrong last, while it is not read
     */
    public record Progress(
            String model,
            boolean isRead,
            int found,
            @Nullable String error) {}

    /**
     * A reading that this worker is to do now.
     *
     * @param since by the database's clock
     * @param tries how often it was taken, this time included
     * @param begunAt the database's time now
     */
    public record Due(String model, Instant since, int tries, Instant begunAt) {}

    /**
     * A prediction.
     *
     * @param createdAt by the database's clock; null = not told
     * @param inputKey null = its input is not told
     * @param cliplessKey null = it names no clip, or only such as are known here
     */
    public record Item(
            String predictionId,
            @Nullable Instant createdAt,
            @Nullable String inputKey,
            @Nullable String cliplessKey) {}

    /**
     * Has the history of these models read, each from then on and at most as far back as the provider tells, unless that was
     * done lately.
     *
     * @param keep how long ago that may be
     */
    public void want(Map<String, Instant> sinceByModel, Duration keep) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, FORGET)) {
                bind.seconds(KEPT_BY_PROVIDER).update();
            }
            try (Bind bind = Bind.of(connection, WANT)) {
                return bind.seconds(KEPT_BY_PROVIDER)
                        .seconds(keep)
                        .array("text", sinceByModel.entrySet(), Map.Entry::getKey)
                        .array("timestamptz", sinceByModel.entrySet(), model -> model.getValue()
                                .toString())
                        .seconds(keep)
                        .update();
            }
        });
    }

    /** How the readings of these models stand, in no order. */
    public List<Progress> read(Collection<String> models) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, READ)) {
                return bind.array("text", models, model -> model).rows(HistoryStore::progress);
            }
        });
    }

    /** Takes a reading that is wanted. Whoever does not go on with it within the lease gives it back so. */
    public Optional<Due> take(Duration lease) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, TAKE)) {
                return bind
                        .seconds(lease)
                        .rows(row -> new Due(
                                row.getString("model"),
                                Bind.instant(row, "since"),
                                row.getInt("tries"),
                                Bind.instant(row, "begun_at")))
                        .stream()
                        .findFirst();
            }
        });
    }

    /** Those of the predictions of which nothing more need be known: an attempt here has them, or their input was told before. */
    public Set<String> known(String model, Collection<String> predictionIds) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, KNOWN)) {
                return new HashSet<>(bind.array("text", predictionIds, id -> id)
                        .text(model)
                        .array("text", predictionIds, id -> id)
                        .rows(row -> row.getString("prediction_id")));
            }
        });
    }

    /**
     * Keeps what a page showed and extends the lease.
     *
     * @param met predictions on it, known ones included
     * @return false when somebody else reads by now
     */
    public boolean page(Due due, int met, Collection<Item> items, Duration lease) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, PAGE)) {
                if (bind.integer(met)
                                .seconds(lease)
                                .text(due.model())
                                .integer(due.tries())
                                .update()
                        == 0) {
                    return false;
                }
            }
            try (Bind bind = Bind.of(connection, KEEP)) {
                bind.text(due.model())
                        .array("text", items, Item::predictionId)
                        .array(
                                "timestamptz",
                                items,
                                item -> item.createdAt() == null
                                        ? null
                                        : item.createdAt().toString())
                        .array("text", items, Item::inputKey)
                        .array("text", items, Item::cliplessKey)
                        .update();
            }
            return true;
        });
    }

    /** That was all. False when somebody else reads by now. */
    public boolean done(Due due) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(
                    connection,
                    "update history_question set state = 'read', due_at = null, read_at = now(), error = null\n"
                            + TAKEN)) {
                return bind.text(due.model()).integer(due.tries()).update() == 1;
            }
        });
    }

    /** It is to be read again, for this reason and after this time. */
    public void postponed(Due due, String reason, Duration again) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(
                    connection,
                    "update history_question set error = ?, due_at = now() + make_interval(secs => ?)\n" + TAKEN)) {
                return bind.text(reason)
                        .seconds(again)
                        .text(due.model())
                        .integer(due.tries())
                        .update();
            }
        });
    }

    private static Progress progress(ResultSet row) throws SQLException {
        return new Progress(
                row.getString("model"), row.getBoolean("is_read"), row.getInt("found"), row.getString("error"));
    }
}
