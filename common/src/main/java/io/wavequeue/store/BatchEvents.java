package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads events with the batches of their jobs, behind any place; nothing is written. Called by the API, once for all who listen.
 *
 * <p>As in {@link EventStore}, the order is (xid, id), and only rows of transactions below the oldest that is under way are
 * read: so no place passes a row that becomes visible later.
 */
@ApplicationScoped
public class BatchEvents {
    private static final String HORIZON = """
            select pg_snapshot_xmin(s)::text as oldest, pg_snapshot_xmax(s)::text as next
            from pg_current_snapshot() s
            """;

    /** The jobs are looked up one by one, as {@link EventReader} does and for its reason. */
    static final String READ = """
            select e.xid::text as xid, e.id, e.job_id, e.ends, j.batch_id
            from (select xid, id, job_id,
                         archived
                           or (status in ('succeeded', 'failed', 'cancelled')
                                 and previous_status not in ('succeeded', 'failed', 'cancelled')) as ends
                  from event
                  where (xid, id) > (?::xid8, ?)
                    and xid < ?::xid8
                    and not letter_only
                  order by xid, id
                  limit ?) e
            left join lateral (select batch_id from job where id = e.job_id limit 1) j on true
            order by e.xid, e.id
            """;

    private final Database database;

    BatchEvents(Database database) {
        this.database = database;
    }

    /** A place in the order of events: behind that one. */
    public record Place(long xid, long id) {
        private static final Pattern FORM = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

        /** Needs no escaping. */
        public String text() {
            return xid + "-" + id;
        }

        /** Empty for a text that {@link #text()} did not make. */
        public static Optional<Place> parse(String text) {
            Matcher form = FORM.matcher(text);
            return form.matches()
                    ? Optional.of(new Place(Long.parseLong(form.group(1)), Long.parseLong(form.group(2))))
                    : Optional.empty();
        }
    }

    /**
     * How far events can be read now.
     *
     * @param oldest the oldest transaction that is under way: its events and later ones are not read yet
     * @param next above every transaction that has ended
     */
    public record Horizon(long oldest, long next) {
        /** Behind all that can be read. */
        public Place place() {
            return new Place(oldest, 0);
        }
    }

    /**
     * That a job changed.
     *
     * @param batch null = it is of none, or gone
     * @param ends whether the job ended, or all of its outputs are archived
     */
    public record Change(Place place, UUID job, @Nullable UUID batch, boolean ends) {}

    public Horizon horizon() {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, HORIZON)) {
                return bind.row(row -> new Horizon(number(row.getString("oldest")), number(row.getString("next"))));
            }
        });
    }

    /** The first changes behind the place and before the horizon, at most {@code most}. */
    public List<Change> after(Place place, Horizon horizon, int most) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, READ)) {
                return bind.text(Long.toString(place.xid()))
                        .number(place.id())
                        .text(Long.toString(horizon.oldest()))
                        .integer(most)
                        .rows(BatchEvents::change);
            }
        });
    }

    private static Change change(ResultSet row) throws SQLException {
        return new Change(
                new Place(number(row.getString("xid")), row.getLong("id")),
                Bind.uuid(row, "job_id"),
                row.getObject("batch_id", UUID.class),
                row.getBoolean("ends"));
    }

    /** Transactions are counted in 64 bits, of which no database uses the highest. */
    private static long number(String xid) {
        return Long.parseLong(xid);
    }
}
