package io.wavequeue.store;

import io.wavequeue.job.BulkKind;
import io.wavequeue.job.BulkStatus;
import io.wavequeue.job.SkipReason;
import io.wavequeue.store.BulkAction.Outlook;
import io.wavequeue.store.BulkView.Progress;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bulk operations: chooses the jobs once, and tells what would become of them. {@link BulkSteps} carries them out, {@link
 * BulkView} tells how far they have come.
 */
@ApplicationScoped
public class BulkStore {
    private static final int AT_ONCE = 1_000;

    private static final String ADD = """
            insert into resolution (id, kind, decision, status, request, rate_per_minute, requested_by, note)
            values (?, ?, ?, 'planned', ?, ?, ?, ?)
            """;

    private static final String ITEMS = """
            select job_id
            from resolution_item
            where resolution_id = ?
              and (?::uuid is null or job_id > ?::uuid)
            order by job_id
            limit ?
            """;

    private static final String PLAN = """
            update resolution_item i
            set planned_skip = o.skip, estimated_usd = o.usd
            from unnest(?::uuid[], ?::text[], ?::numeric[]) as o(job_id, skip, usd)
            cross join lateral (select ctid as place
                                from resolution_item
                                where resolution_id = ?
                                  and job_id = o.job_id
                                limit 1) k
            where i.ctid = k.place
            """;

    private static final String LOCK = "select status from resolution where id = ? and kind = ? for update";

    private static final String CHANGE = """
            update resolution
            set status = ?, updated_at = now(), ended_at = case when ? in ('aborted', 'done') then now() end
            where id = ?
            """;

    private final Database database;
    private final BulkSteps steps;

    BulkStore(Database database, BulkSteps steps) {
        this.database = database;
        this.steps = steps;
    }

    /** What became of a wish to pause, to go on or to end it. */
    public enum ChangeResult {
        /** It is as wished, by this call or before. */
        CHANGED,
        /** It has ended. */
        ENDED,
        /** There is none. */
        UNKNOWN
    }

    /**
     * What an operation would be about and do; nothing is kept.
     *
     * @throws OverridesRefusedException when an input does not take the overrides
     */
    public Progress plan(BulkOrder order, BulkChoice choice) {
        return database.takenBack(connection -> {
            make(connection, order, choice);
            return BulkView.planned(connection, order);
        });
    }

    /**
     * Chooses the jobs, unless the key was used before.
     *
     * @param key null = every call makes an operation
     * @param answer builds the answer; kept with the key
     * @throws OverridesRefusedException when an input does not take the overrides
     */
    public Idempotency.Result create(
            BulkOrder order,
            BulkChoice choice,
            Idempotency.@Nullable Key key,
            Function<Progress, Idempotency.Answer> answer) {
        return database.inTransaction(
                connection -> Idempotency.once(connection, key, Idempotency.Thing.BULK, order.id(), () -> {
                    make(connection, order, choice);
                    steps.action(order.kind()).made(connection, order);
                    choice.prepare(connection, order.id());
                    Idempotency.Answer first = answer.apply(read(connection, order));
                    return choice.finish(connection, order.id()) ? first : answer.apply(read(connection, order));
                }));
    }

    private static Progress read(Connection connection, BulkOrder order) throws SQLException {
        return BulkView.read(connection, order.kind(), order.id()).orElseThrow();
    }

    /** What was answered to the key before; empty when it is new. */
    public Optional<Idempotency.Result> earlier(Idempotency.Key key) {
        return database.inTransaction(connection -> Idempotency.earlier(connection, key));
    }

    /**
     * Makes an operation on one job and carries it out at once, unless the key was used before. Nothing is kept, the key
     * neither, when it cannot be done.
     *
     * @param key null = every call makes an operation
     * @param answer kept with the key
     * @throws OverridesRefusedException when its input does not take the overrides
     * @throws SkippedException when the job has to stay as it is
     * @throws BulkSteps.NotNowException when it can be done in a moment
     */
    public Idempotency.Result one(
            BulkOrder order, BulkChoice choice, Idempotency.@Nullable Key key, Idempotency.Answer answer) {
        return database.inTransaction(
                connection -> Idempotency.once(connection, key, Idempotency.Thing.BULK, order.id(), () -> {
                    make(connection, order, choice);
                    Map<UUID, @Nullable SkipReason> outcomes = steps.all(connection, order);
                    SkipReason reason = outcomes.isEmpty()
                            ? SkipReason.CHANGED
                            : outcomes.values().iterator().next();
                    if (reason != null) {
                        throw new SkippedException(reason, BulkView.evidence(connection, order.id()));
                    }
                    return answer;
                }));
    }

    /** The one job of an operation has to stay as it is. */
    public static final class SkippedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SkipReason reason;
        private final @Nullable String evidence;

        SkippedException(SkipReason reason, @Nullable String evidence) {
            super(reason.code());
            this.reason = reason;
            this.evidence = evidence;
        }

        public SkipReason reason() {
            return reason;
        }

        /** What the provider's history says against the job, when that is the reason; null = nothing. */
        public @Nullable String evidence() {
            return evidence;
        }
    }

    /** Pauses it, lets it go on or ends it. Waits for a chunk that is under way: afterwards the wish holds. */
    public ChangeResult change(BulkKind kind, UUID id, BulkStatus next) {
        return database.inTransaction(connection -> {
            Optional<BulkStatus> status = lock(connection, kind, id);
            if (status.isEmpty()) {
                return ChangeResult.UNKNOWN;
            }
            if (status.get() == next || (next == BulkStatus.RUNNING && status.get() == BulkStatus.PLANNED)) {
                return ChangeResult.CHANGED;
            }
            if (!status.get().mayBecome(next)) {
                return ChangeResult.ENDED;
            }
            change(connection, id, next);
            return ChangeResult.CHANGED;
        });
    }

    static void change(Connection connection, UUID id, BulkStatus next) throws SQLException {
        try (Bind bind = Bind.of(connection, CHANGE)) {
            bind.text(next.code()).text(next.code()).uuid(id).update();
        }
    }

    private static Optional<BulkStatus> lock(Connection connection, BulkKind kind, UUID id) throws SQLException {
        try (Bind bind = Bind.of(connection, LOCK)) {
            return bind.uuid(id).text(kind.code()).rows(row -> BulkStatus.of(row.getString("status"))).stream()
                    .findFirst();
        }
    }

    private void make(Connection connection, BulkOrder order, BulkChoice choice) throws SQLException {
        try (Bind bind = Bind.of(connection, ADD)) {
            bind.uuid(order.id())
                    .text(order.kind().code())
                    .text(order.decision() == null ? null : order.decision().code())
                    .text(order.request().toString())
                    .integer(order.ratePerMinute())
                    .text(order.requestedBy())
                    .text(order.note())
                    .update();
        }
        choice.choose(connection, order.id());
        look(connection, order);
    }

    /** Goes through all jobs, so that whatever is wrong is told at once. */
    private void look(Connection connection, BulkOrder order) throws SQLException {
        BulkAction action = steps.action(order.kind());
        OverridesRefusedException refused = null;
        List<UUID> chunk = items(connection, order.id(), null);
        while (!chunk.isEmpty()) {
            try {
                plan(connection, order, action.look(connection, order, chunk));
            } catch (OverridesRefusedException faults) {
                refused = faults.and(refused);
            }
            chunk = items(connection, order.id(), chunk.getLast());
        }
        if (refused != null) {
            throw refused;
        }
    }

    private static List<UUID> items(Connection connection, UUID operation, @Nullable UUID after) throws SQLException {
        try (Bind bind = Bind.of(connection, ITEMS)) {
            return bind.uuid(operation).uuid(after).uuid(after).integer(AT_ONCE).rows(row -> Bind.uuid(row, "job_id"));
        }
    }

    private static void plan(Connection connection, BulkOrder order, Map<UUID, Outlook> outlooks) throws SQLException {
        List<Map.Entry<UUID, Outlook>> rows = List.copyOf(outlooks.entrySet());
        try (Bind bind = Bind.of(connection, PLAN)) {
            bind.array("uuid", rows, Map.Entry::getKey)
                    .array("text", rows, row -> code(row.getValue().skip()))
                    .array("numeric", rows, row -> row.getValue().estimatedUsd())
                    .uuid(order.id())
                    .update();
        }
    }

    private static @Nullable String code(@Nullable SkipReason skip) {
        return skip == null ? null : skip.code();
    }
}
