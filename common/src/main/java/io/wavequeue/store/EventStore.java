package io.wavequeue.store;

import io.wavequeue.store.EventReader.Placed;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The events that are to be published, and the one row that says up to where they are.
 *
 * <p>Rows are written by triggers on {@code job}. They are read in the order (xid, id), and only below the oldest
 * transaction that is still under way, so the cursor passes no row that becomes visible later. Whoever reads a batch holds
 * a lease, so that no transaction is open while it sends; the cursor is moved under the lease's fence.
 */
@ApplicationScoped
public class EventStore {
    private static final String OLDEST = """
            select e.at
            from (select xid, event_id from event_cursor limit 1) c
            cross join lateral (select at
                                from event
                                where (xid, id) > (c.xid, c.event_id)
                                order by xid, id
                                limit 1) e
            """;

    private static final String LOCK_FREE =
            "select fence from event_cursor where lease_until <= now() for update skip locked";

    private static final String LEASE = """
            update event_cursor
            set fence = fence + 1, lease_until = now() + make_interval(secs => ?)
            returning fence
            """;

    private static final String ADVANCE = """
            update event_cursor
            set xid = ?::xid8, event_id = ?, lease_until = now()
            where fence = ?
            """;

    private static final String RELEASE = "update event_cursor set lease_until = now() where fence = ?";

    private static final String STATE = """
            select events_topic, letters_topic, xid >= pg_snapshot_xmax(pg_current_snapshot()) as is_ahead
            from event_cursor
            """;

    private static final String KEEP_TOPICS = "update event_cursor set events_topic = ?, letters_topic = ?";

    /** The new fence keeps a sending that is under way from moving the cursor back to where it was. */
    private static final String FROM_THE_START =
            "update event_cursor set xid = '0', event_id = 0, fence = fence + 1, lease_until = now()";

    private static final String RENUMBER =
            "update event set xid = '0' where xid >= pg_snapshot_xmax(pg_current_snapshot())";

    private static final String LETTERS = """
            insert into event (job_id, version, status, attempt, cancel_requested, letter_only)
            select id, version, status, attempt, cancel_requested, true
            from job
            where %s
            """;

    private static final String ALL_LETTERS = LETTERS.formatted("status = 'failed'");
    private static final String SOME_LETTERS = LETTERS.formatted("id = any (?)");

    private static final String FORGET = """
            with oldest as (
              select e.xid, e.id, e.at
              from (select xid, event_id from event_cursor limit 1) c
              cross join lateral (select xid, id, at
                                  from event
                                  where (xid, id) <= (c.xid, c.event_id)
                                  order by xid, id
                                  limit ?) e
            )
            delete from event e
            using oldest o
            where e.xid = o.xid
              and e.id = o.id
              and o.at < now() - make_interval(secs => ?)
            """;

    private final Database database;

    EventStore(Database database) {
        this.database = database;
    }

    /** A place in the order of events. */
    public record Position(String xid, long id) {}

    /**
     * Events to send, in order.
     *
     * @param fence whoever holds the last one may move the cursor
     */
    public record Batch(long fence, List<JobEvent> events, Position last) {
        public Batch {
            events = List.copyOf(events);
        }
    }

    /** What has to be published once more. */
    public record Again(boolean events, boolean letters) {}

    private record State(
            @Nullable String eventsTopic, @Nullable String lettersTopic, boolean isAhead) {
        static State of(ResultSet row) throws SQLException {
            return new State(row.getString("events_topic"), row.getString("letters_topic"), row.getBoolean("is_ahead"));
        }

        boolean isFor(String events, String letters) {
            return !isAhead && events.equals(eventsTopic) && letters.equals(lettersTopic);
        }

        /** The first topics that are ever seen replace none. */
        Again again(String events, String letters) {
            return new Again(
                    isAhead || (eventsTopic != null && !eventsTopic.equals(events)),
                    lettersTopic != null && !lettersTopic.equals(letters));
        }
    }

    /** When the oldest event that is not published was written; empty when all are. */
    public Optional<Instant> oldestUnpublished() {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, OLDEST)) {
                return bind.rows(row -> Objects.requireNonNull(Bind.time(row, "at"))).stream()
                        .findFirst();
            }
        });
    }

    /**
     * Takes the next events and a lease on publishing them.
     *
     * @param lease longer than a sending can take
     * @return empty when there is nothing, when somebody else is publishing, or while a transaction that is older than the
     *     next event is under way
     */
    public Optional<Batch> take(int most, Duration lease) {
        return database.inTransaction(connection -> {
            if (!lock(connection)) {
                return Optional.empty();
            }
            List<Placed> events = EventReader.read(connection, most);
            if (events.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new Batch(
                    lease(connection, lease),
                    events.stream().map(Placed::event).toList(),
                    events.getLast().position()));
        });
    }

    /** Moves the cursor behind the batch and ends the lease. False when the lease has passed to somebody else. */
    public boolean published(Batch batch) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, ADVANCE)) {
                return bind.text(batch.last().xid())
                                .number(batch.last().id())
                                .number(batch.fence())
                                .update()
                        == 1;
            }
        });
    }

    /** Ends the lease without having published: anybody may try. False when it has passed to somebody else. */
    public boolean release(Batch batch) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, RELEASE)) {
                return bind.number(batch.fence()).update() == 1;
            }
        });
    }

    /** Has the dead letters of these jobs written anew, as their rows are by then. */
    public void writeLettersAgain(Collection<UUID> jobs) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, SOME_LETTERS)) {
                return bind.array("uuid", jobs, job -> job).update();
            }
        });
    }

    /**
     * Compares the topics with those that were published to. One that was deleted and made again has another id, and begins
     * empty: then all events that are kept are published again, or the letters of all failed jobs are. The events are, too,
     * in a database that was restored into a cluster which has counted fewer transactions than the cursor.
     */
    public Again topicsSeen(String eventsTopic, String lettersTopic) {
        return database.inTransaction(connection -> {
            State state = state(connection, "");
            if (!state.isFor(eventsTopic, lettersTopic)) {
                state = state(connection, "for update");
            }
            Again again = state.again(eventsTopic, lettersTopic);
            if (again.events()) {
                run(connection, RENUMBER);
                run(connection, FROM_THE_START);
            }
            if (again.letters()) {
                run(connection, ALL_LETTERS);
            }
            if (!state.isFor(eventsTopic, lettersTopic)) {
                try (Bind bind = Bind.of(connection, KEEP_TOPICS)) {
                    bind.text(eventsTopic).text(lettersTopic).update();
                }
            }
            return again;
        });
    }

    /** Removes those of the {@code chunk} oldest published events that are older than {@code keep}. Returns how many. */
    public int forget(Duration keep, int chunk) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, FORGET)) {
                return bind.integer(chunk).seconds(keep).update();
            }
        });
    }

    private static boolean lock(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, LOCK_FREE)) {
            return !bind.rows(row -> row.getLong("fence")).isEmpty();
        }
    }

    private static long lease(Connection connection, Duration lease) throws SQLException {
        try (Bind bind = Bind.of(connection, LEASE)) {
            return bind.seconds(lease).row(row -> row.getLong("fence"));
        }
    }

    private static State state(Connection connection, String lock) throws SQLException {
        try (Bind bind = Bind.of(connection, STATE + lock)) {
            return bind.row(State::of);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Bind bind = Bind.of(connection, sql)) {
            bind.update();
        }
    }
}
