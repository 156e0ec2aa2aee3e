package io.wavequeue.store;

import io.wavequeue.job.BulkDecision;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.BulkStatus;
import io.wavequeue.job.SkipReason;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Carries bulk operations out, chunk by chunk.
 *
 * <p>A chunk is one transaction: it locks the operation's row, which other processes skip, and then the jobs in id order; it
 * changes the jobs and marks them done. So a process that dies leaves nothing half done, and no job is done twice.
 */
@ApplicationScoped
public class BulkSteps {
    private static final int SECONDS_PER_MINUTE = 60;
    private static final double A_MOMENT = 0.5;
    private static final double AFTER_FAILURE = 5;

    private static final String NEXT = """
            select id, kind, decision, request, rate_per_minute, requested_by, note, status
            from resolution
            where status in ('planned', 'running')
              and next_at <= now()
            order by next_at, created_at, id
            limit 1
            for update skip locked
            """;

    private static final String LOCK_JOBS = """
            select j.id
            from (select job_id
                  from resolution_item
                  where resolution_id = ?
                    and done_at is null
                  order by job_id
                  limit ?) i
            join job j on j.id = i.job_id
            order by j.id
            for update of j
            """;

    /** By key, row by row, whatever the planner believes of a table that was just filled (ADR 0013). The operation's lock keeps its rows in place. */
    private static final String MARK = """
            update resolution_item i
            set done_at = now(), skip_reason = d.skip_reason
            from unnest(?::uuid[], ?::text[]) as d(job_id, skip_reason)
            cross join lateral (select ctid as place
                                from resolution_item
                                where resolution_id = ?
                                  and job_id = d.job_id
                                limit 1) k
            where i.ctid = k.place
            """;

    private static final String PACE = """
            update resolution
            set next_at = now() + make_interval(secs => ?)
            where id = ?
            """;

    private final Database database;
    private final Map<BulkKind, BulkAction> actions = new EnumMap<>(BulkKind.class);

    @Inject
    BulkSteps(Database database, Instance<BulkAction> actions) {
        this(database, actions.stream().toList());
    }

    BulkSteps(Database database, List<BulkAction> actions) {
        this.database = database;
        for (BulkAction action : actions) {
            action.kinds().forEach(kind -> this.actions.put(kind, action));
        }
    }

    /**
     * What a chunk did.
     *
     * @param changed jobs that were changed
     * @param done whether the whole operation is carried out now
     */
    public record Step(UUID operation, BulkKind kind, List<UUID> changed, int skipped, boolean done) {
        public Step {
            changed = List.copyOf(changed);
        }
    }

    private record Open(BulkOrder order, BulkStatus status) {}

    /** It cannot be done at this moment, and can in the next. */
    public static final class NotNowException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Carries out at most so many jobs of an operation that nobody else is at, and that its rate lets go on; empty when there is
     * none.
     */
    public Optional<Step> next(int chunk) {
        AtomicReference<@Nullable UUID> taken = new AtomicReference<>();
        try {
            return database.inTransaction(connection -> {
                Optional<Open> open = open(connection);
                if (open.isEmpty()) {
                    return Optional.empty();
                }
                taken.set(open.get().order().id());
                return Optional.of(step(connection, open.get(), atOnce(open.get(), chunk)));
            });
        } catch (DatabaseAwayException away) {
            throw away;
        } catch (RuntimeException failure) {
            postpone(taken.get(), failure);
            throw failure;
        }
    }

    /** One that cannot be carried out must not keep the others from it. */
    private void postpone(@Nullable UUID operation, RuntimeException failure) {
        try {
            database.inTransaction(connection -> {
                pace(connection, operation, AFTER_FAILURE);
                return true;
            });
        } catch (RuntimeException another) {
            failure.addSuppressed(another);
        }
    }

    BulkAction action(BulkKind kind) {
        return Objects.requireNonNull(actions.get(kind), () -> "nothing carries out a " + kind.code());
    }

    /**
     * All of an operation that was made in this transaction. Returns what became of each job: null = done.
     *
     * @throws NotNowException when it can be done in a moment
     */
    Map<UUID, @Nullable SkipReason> all(Connection connection, BulkOrder order) throws SQLException {
        List<UUID> jobs = lockJobs(connection, order, Integer.MAX_VALUE);
        if (!action(order.kind()).isTime(connection, jobs)) {
            throw new NotNowException();
        }
        Map<UUID, @Nullable SkipReason> outcomes = carryOut(connection, order, jobs);
        BulkStore.change(connection, order.id(), BulkStatus.DONE);
        return outcomes;
    }

    private Map<UUID, @Nullable SkipReason> carryOut(Connection connection, BulkOrder order, List<UUID> jobs)
            throws SQLException {
        Map<UUID, @Nullable SkipReason> outcomes =
                new HashMap<>(action(order.kind()).apply(connection, order, jobs));
        for (UUID job : jobs) {
            if (!outcomes.containsKey(job)) {
                outcomes.put(job, SkipReason.CHANGED);
            }
        }
        mark(connection, order, outcomes);
        return outcomes;
    }

    private Step step(Connection connection, Open open, int most) throws SQLException {
        BulkOrder order = open.order();
        List<UUID> jobs = lockJobs(connection, order, most);
        if (!action(order.kind()).isTime(connection, jobs)) {
            pace(connection, order.id(), A_MOMENT);
            return new Step(order.id(), order.kind(), List.of(), 0, false);
        }
        Map<UUID, @Nullable SkipReason> outcomes = carryOut(connection, order, jobs);
        List<UUID> changed = outcomes.entrySet().stream()
                .filter(outcome -> outcome.getValue() == null)
                .map(Map.Entry::getKey)
                .toList();
        boolean done = jobs.size() < most;
        if (done || open.status() == BulkStatus.PLANNED) {
            BulkStore.change(connection, order.id(), done ? BulkStatus.DONE : BulkStatus.RUNNING);
        }
        if (!done) {
            pace(connection, order.id(), timeOf(order, changed.size()));
        }
        return new Step(order.id(), order.kind(), changed, outcomes.size() - changed.size(), done);
    }

    /** A second's share of its rate, so that what goes at once is little. */
    private static int atOnce(Open open, int chunk) {
        Integer rate = open.order().ratePerMinute();
        return rate == null ? chunk : Math.clamp(rate / SECONDS_PER_MINUTE, 1, chunk);
    }

    /** The next chunk may go when this one's jobs are paid for in time. Without a rate it is the next one's turn, after others. */
    private static double timeOf(BulkOrder order, int changed) {
        Integer rate = order.ratePerMinute();
        return rate == null ? 0 : (double) changed * SECONDS_PER_MINUTE / rate;
    }

    private static void pace(Connection connection, @Nullable UUID operation, double seconds) throws SQLException {
        try (Bind bind = Bind.of(connection, PACE)) {
            bind.real(seconds).uuid(operation).update();
        }
    }

    private static Optional<Open> open(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, NEXT)) {
            return bind.rows(row -> new Open(order(row), BulkStatus.of(row.getString("status")))).stream()
                    .findFirst();
        }
    }

    static BulkOrder order(ResultSet row) throws SQLException {
        String decision = row.getString("decision");
        return new BulkOrder(
                Bind.uuid(row, "id"),
                BulkKind.of(row.getString("kind")),
                decision == null ? null : BulkDecision.of(decision).orElseThrow(),
                BulkOrder.read(row.getString("request")),
                row.getObject("rate_per_minute", Integer.class),
                row.getString("requested_by"),
                row.getString("note"));
    }

    private static List<UUID> lockJobs(Connection connection, BulkOrder order, int most) throws SQLException {
        try (Bind bind = Bind.of(connection, LOCK_JOBS)) {
            return bind.uuid(order.id()).integer(most).rows(row -> Bind.uuid(row, "id"));
        }
    }

    private static void mark(Connection connection, BulkOrder order, Map<UUID, @Nullable SkipReason> outcomes)
            throws SQLException {
        List<UUID> jobs = List.copyOf(outcomes.keySet());
        try (Bind bind = Bind.of(connection, MARK)) {
            bind.array("uuid", jobs, job -> job)
                    .array("text", jobs, job -> code(outcomes.get(job)))
                    .uuid(order.id())
                    .update();
        }
    }

    private static @Nullable String code(@Nullable SkipReason reason) {
        return reason == null ? null : reason.code();
    }
}
