package io.wavequeue.store;

import io.wavequeue.job.BatchBudget;
import io.wavequeue.job.BatchStop;
import io.wavequeue.job.HoldReason;
import io.wavequeue.store.BatchJobs.Priced;
import io.wavequeue.store.BatchJobs.Queue;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lets the jobs' rows follow their batch's row: paused, cancelled, resumed, or with another budget.
 *
 * <p>Dispatch and claim read the batch's row, so a stop takes effect with its commit, whatever the batch's size. Who changes the
 * row sets {@code follow_at}; it is cleared when a look found no job left to change. So any process carries on what another one
 * began.
 */
@ApplicationScoped
public class BatchFollowStore {
    /** Serialises the followers of all processes: none of them may act on a row that another has followed meanwhile. */
    private static final long LOCK = 0x57424154;

    /** When to look again for money that queued jobs leave to those that are held for it. */
    private static final Duration LATER = Duration.ofSeconds(5);

    private static final String DUE = "select id from batch where follow_at <= now() order by follow_at, id";

    private static final String READ = """
            select stop, budget_usd, committed_usd, follow_at
            from batch
            where id = ?
              and follow_at <= now()
            """;

    private static final String AGAIN = "update batch set follow_at = now() where id = any(?::uuid[])";

    /** Locks no row whose jobs are being changed anyway. */
    private static final String REMIND = AGAIN + " and (follow_at is null or follow_at > now())";

    /** Only while nobody has set it anew: then there is something else to follow. */
    private static final String FOLLOWED = """
            update batch
            set follow_at = now() + make_interval(secs => ?)
            where id = ?
              and follow_at = ?
            """;

    private final Database database;

    BatchFollowStore(Database database) {
        this.database = database;
    }

    /** The batches whose jobs do not follow yet. */
    public List<UUID> due() {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, DUE)) {
                return bind.rows(row -> Bind.uuid(row, "id"));
            }
        });
    }

    /** Moves at most one chunk of a batch's rows. Returns how many it moved; 0 also while another process is at it. */
    public int follow(UUID batchId, int chunk) {
        return database.inTransaction(connection -> {
            if (!isOurTurn(connection)) {
                return 0;
            }
            Optional<State> state = read(connection, batchId);
            return state.isEmpty()
                    ? 0
                    : new Step(connection, state.get(), new BatchJobs(connection, batchId, chunk)).run();
        });
    }

    /** Something happened that the jobs of these batches have to follow. */
    static void again(Connection connection, Collection<UUID> batchIds) throws SQLException {
        write(connection, AGAIN, batchIds);
    }

    /** Somebody sees jobs of these batches that do not follow. May be overlooked; whoever sees them again says so again. */
    static void remind(Connection connection, Collection<UUID> batchIds) throws SQLException {
        write(connection, REMIND, batchIds);
    }

    private static void write(Connection connection, String sql, Collection<UUID> batchIds) throws SQLException {
        if (!batchIds.isEmpty()) {
            try (Bind bind = Bind.of(connection, sql)) {
                bind.array("uuid", batchIds, id -> id).update();
            }
        }
    }

    /** Until the transaction ends nobody has jobs follow their batch, and whoever does so now has ended. */
    static void await(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, "select pg_advisory_xact_lock(?)")) {
            bind.number(LOCK).row(row -> true);
        }
    }

    private static boolean isOurTurn(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, "select pg_try_advisory_xact_lock(?)")) {
            return bind.number(LOCK).row(row -> row.getBoolean(1));
        }
    }

    private record State(@Nullable BatchStop stop, BatchBudget budget, Instant followAt) {}

    private static Optional<State> read(Connection connection, UUID batchId) throws SQLException {
        try (Bind bind = Bind.of(connection, READ)) {
            return bind
                    .uuid(batchId)
                    .rows(row -> new State(
                            BatchRows.stop(row),
                            new BatchBudget(
                                    batchId, row.getBigDecimal("budget_usd"), row.getBigDecimal("committed_usd")),
                            Bind.instant(row, "follow_at")))
                    .stream()
                    .findFirst();
        }
    }

    /** One look at one batch. */
    private record Step(Connection connection, State state, BatchJobs jobs) {
        private static final String PAUSED =
                "%s: batch %s is paused by a person; POST /v1/batches/%s/resume lets it go on";

        int run() throws SQLException {
            return switch (state.stop()) {
                case CANCELLED -> cancel();
                case PAUSED -> pause();
                case null -> resume();
            };
        }

        private int cancel() throws SQLException {
            List<UUID> live = jobs.live();
            return live.isEmpty() ? followed(null) : CancelStore.cancel(connection, live);
        }

        private int pause() throws SQLException {
            List<UUID> waiting = jobs.waiting();
            if (waiting.isEmpty()) {
                return followed(null);
            }
            String message = PAUSED.formatted(HoldReason.PAUSED.code(), jobs.batchId(), jobs.batchId());
            return JobHold.write(
                    connection,
                    waiting.stream()
                            .map(id -> new JobHold(id, HoldReason.PAUSED, message, true))
                            .toList());
        }

        private int resume() throws SQLException {
            List<UUID> paused = jobs.paused();
            return paused.isEmpty() ? followBudget() : jobs.release(paused);
        }

        /** Until a job is held for the budget, claims alone ask it. Then the others that it does not cover are held too. */
        private int followBudget() throws SQLException {
            if (!jobs.areShort()) {
                return followed(null);
            }
            BigDecimal left = state.budget().leftUsd();
            if (left == null) {
                return jobs.release(jobs.covered(null));
            }
            Queue queue = jobs.queue(left);
            return queue.notCovered() ? hold(jobs.notCovered(left)) : releaseCovered(left, queue.usd());
        }

        private int hold(List<Priced> notCovered) throws SQLException {
            return JobHold.write(
                    connection,
                    notCovered.stream()
                            .map(job -> new JobHold(
                                    job.id(), HoldReason.BUDGET, state.budget().message(job.usd()), true))
                            .toList());
        }

        /** What is queued has the first call on what is left. It may leave something after all: that is looked for again. */
        private int releaseCovered(BigDecimal left, BigDecimal queued) throws SQLException {
            List<UUID> covered = jobs.covered(left.subtract(queued));
            if (!covered.isEmpty()) {
                return jobs.release(covered);
            }
            return followed(jobs.covered(left).isEmpty() ? null : LATER);
        }

        /** @param again when to look again; null = when the batch's row changes */
        private int followed(@Nullable Duration again) throws SQLException {
            try (Bind bind = Bind.of(connection, FOLLOWED)) {
                bind.seconds(again).uuid(jobs.batchId()).time(state.followAt()).update();
            }
            return 0;
        }
    }
}
