package io.wavequeue.store;

import io.wavequeue.job.BatchStop;
import io.wavequeue.job.NewBatch;
import io.wavequeue.store.view.JobCursor;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes batches with their jobs, and tells how far they have come. Called by the API. */
@ApplicationScoped
public class BatchStore {
    private static final String ADD = """
            insert into batch (id, name, lane, jobs, estimated_usd, unknown_price, budget_usd)
            values (?, ?, ?, ?, ?, ?, ?)
            returning created_at
            """;

    private final Database database;

    BatchStore(Database database) {
        this.database = database;
    }

    /**
     * A batch and what has become of it.
     *
     * @param counts as its stop has them, which the jobs' rows may still have to follow
     * @param stop why none of its jobs is submitted; null = they are
     * @param estimatedUsd sum of the known prices; null = none is known
     * @param budgetUsd null = no limit
     * @param etaSeconds until all that is not held will have ended; null = that cannot be said
     * @param endedAt when its last job ended and its last output was archived or lost; null = not all have
     */
    public record Batch(
            UUID id,
            @Nullable String name,
            String lane,
            @Nullable BatchStop stop,
            Counts counts,
            @Nullable BigDecimal estimatedUsd,
            long unknownPrice,
            Paid paid,
            @Nullable BigDecimal budgetUsd,
            @Nullable Long etaSeconds,
            Instant createdAt,
            @Nullable Instant endedAt) {
        /** running, paused, cancelled or done. */
        public String status() {
            if (stop == BatchStop.CANCELLED) {
                return stop.code();
            }
            if (endedAt != null) {
                return "done";
            }
            return stop == null ? "running" : stop.code();
        }

        /** Where the list goes on after it. */
        public JobCursor cursor() {
            return new JobCursor(createdAt, id);
        }

        /** As it is when it has just been made. */
        public static Batch queued(NewBatch batch, Instant createdAt) {
            return new Batch(
                    batch.id(),
                    batch.name(),
                    batch.lane().code(),
                    null,
                    new Counts(batch.jobs(), 0, 0, 0, 0, 0, 0, 0, 0),
                    batch.estimatedUsd(),
                    batch.unknownPrice(),
                    Paid.NOTHING,
                    batch.budgetUsd(),
                    null,
                    createdAt,
                    batch.jobs() == 0 ? createdAt : null);
        }
    }

    /**
     * Jobs by status.
     *
     * @param archived jobs all of whose outputs are archived
     */
    public record Counts(
            long queued,
            long submitting,
            long uncertain,
            long running,
            long held,
            long succeeded,
            long failed,
            long cancelled,
            long archived) {
        public long total() {
            return live() + succeeded + failed + cancelled;
        }

        long live() {
            return queued + submitting + uncertain + running + held;
        }

        /** @param doubtful held jobs that a cancel does not end, since they may be paid */
        Counts under(@Nullable BatchStop stop, long doubtful) {
            return switch (stop) {
                case null -> this;
                case PAUSED -> waiting(held + queued, cancelled);
                case CANCELLED -> waiting(doubtful, cancelled + queued + held - doubtful);
            };
        }

        private Counts waiting(long held, long cancelled) {
            return new Counts(0, submitting, uncertain, running, held, succeeded, failed, cancelled, archived);
        }
    }

    /**
     * Sums over all attempts; null = nothing of it is known.
     *
     * @param reservedUsd held by open attempts
     */
    public record Paid(
            BigDecimal reservedUsd,
            @Nullable BigDecimal chargedUsd,
            @Nullable BigDecimal refundedUsd) {
        static final Paid NOTHING = new Paid(BigDecimal.ZERO, null, null);
    }

    /** What the key made before; empty when it is new. */
    public Optional<Idempotency.Result> find(Idempotency.Key key) {
        return database.inTransaction(connection -> Idempotency.earlier(connection, key));
    }

    /**
     * Writes the batch and all of its jobs, due for dispatch, unless the key was used before.
     *
     * @param key null = every call makes a batch
     * @param answer builds the answer from the rows' created_at; kept with the key
     */
    public Idempotency.Result enqueue(
            NewBatch batch,
            JobSpool jobs,
            Idempotency.@Nullable Key key,
            Function<Instant, Idempotency.Answer> answer) {
        return database.inTransaction(
                connection -> Idempotency.once(connection, key, Idempotency.Thing.BATCH, batch.id(), () -> {
                    Instant createdAt = add(connection, batch);
                    jobs.copyJobs(connection, null);
                    if (batch.name() != null) {
                        UnplannedTakes.record(connection, batch.name(), jobs);
                    }
                    return answer.apply(createdAt);
                }));
    }

    /** The batch of that id. */
    public Optional<Batch> find(UUID id) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, BatchRows.ONE)) {
                return bind.uuid(id).rows(BatchRows::batch).stream().findFirst();
            }
        });
    }

    /**
     * The newest batches.
     *
     * @param name of their library; null = any, or none
     * @param after where the page before ended; null = the first page
     */
    public List<Batch> newest(@Nullable String name, @Nullable JobCursor after, int most) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, BatchRows.NEWEST)) {
                @Nullable Instant createdAt = after == null ? null : after.createdAt();
                return bind.text(name)
                        .text(name)
                        .time(createdAt)
                        .time(createdAt)
                        .uuid(after == null ? null : after.id())
                        .integer(most)
                        .rows(BatchRows::batch);
            }
        });
    }

    static Instant add(Connection connection, NewBatch batch) throws SQLException {
        try (Bind bind = Bind.of(connection, ADD)) {
            return bind.uuid(batch.id())
                    .text(batch.name())
                    .text(batch.lane().code())
                    .integer(batch.jobs())
                    .usd(batch.estimatedUsd())
                    .integer(batch.unknownPrice())
                    .usd(batch.budgetUsd())
                    .row(row -> Bind.instant(row, "created_at"));
        }
    }
}
