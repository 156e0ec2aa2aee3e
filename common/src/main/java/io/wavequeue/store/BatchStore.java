package io.wavequeue.store;

import io.wavequeue.job.NewBatch;
import io.wavequeue.store.view.JobCursor;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
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
            insert into batch (id, name, lane, jobs, estimated_usd, unknown_price)
            values (?, ?, ?, ?, ?, ?)
            returning created_at
            """;

    /** Each sum goes through the batch's jobs once: for 100,000 of them some tens of milliseconds. */
    private static final String READ = """
            select b.id, b.name, b.lane, b.estimated_usd, b.unknown_price, b.created_at,
                   c.*, m.*, o.archived, o.waiting, greatest(c.settled_at, o.archived_at) as ended_at
            from (%s) b
            cross join lateral (
              select count(*) filter (where j.status = 'queued') as queued,
                     count(*) filter (where j.status = 'submitting') as submitting,
                     count(*) filter (where j.status = 'uncertain') as uncertain,
                     count(*) filter (where j.status = 'running') as running,
                     count(*) filter (where j.status = 'held') as held,
                     count(*) filter (where j.status = 'succeeded') as succeeded,
                     count(*) filter (where j.status = 'failed') as failed,
                     count(*) filter (where j.status = 'cancelled') as cancelled,
                     max(j.settled_at) as settled_at
              from job j
              where j.batch_id = b.id
            ) c
            cross join lateral (
              select coalesce(sum(a.reserved_usd) filter (where a.status in ('submitting', 'accepted', 'uncertain')), 0)
                       as reserved_usd,
                     sum(a.charged_usd) as charged_usd,
                     sum(a.refunded_usd) as refunded_usd
              from job j
              join attempt a on a.job_id = j.id
              where j.batch_id = b.id
            ) m
            cross join lateral (
              select count(*) filter (where whole) as archived,
                     count(*) filter (where not whole) as waiting,
                     max(archived_at) as archived_at
              from (select bool_and(p.archived_at is not null) as whole, max(p.archived_at) as archived_at
                    from job j
                    join output p on p.job_id = j.id
                    where j.batch_id = b.id
                    group by p.job_id) of_jobs
            ) o
            order by b.created_at desc, b.id desc
            """;

    private static final String ONE = READ.formatted("select * from batch where id = ?");

    private static final String NEWEST = READ.formatted("""
            select *
            from batch
            where ?::timestamptz is null or (created_at, id) < (?, ?)
            order by created_at desc, id desc
            limit ?
            """);

    private final Database database;

    BatchStore(Database database) {
        this.database = database;
    }

    /**
     * A batch and what has become of it.
     *
     * @param estimatedUsd sum of the known prices; null = none is known
     * @param endedAt when its last job ended and its last output was archived; null = not all have
     */
    public record Batch(
            UUID id,
            @Nullable String name,
            String lane,
            Counts counts,
            @Nullable BigDecimal estimatedUsd,
            long unknownPrice,
            Paid paid,
            Instant createdAt,
            @Nullable Instant endedAt) {
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
                    new Counts(batch.jobs(), 0, 0, 0, 0, 0, 0, 0, 0),
                    batch.estimatedUsd(),
                    batch.unknownPrice(),
                    Paid.NOTHING,
                    createdAt,
                    null);
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
                    jobs.copyInto(connection);
                    return answer.apply(createdAt);
                }));
    }

    /** The batch of that id. */
    public Optional<Batch> find(UUID id) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, ONE)) {
                return bind.uuid(id).rows(BatchStore::batch).stream().findFirst();
            }
        });
    }

    /**
     * The newest batches.
     *
     * @param after where the page before ended; null = the first page
     */
    public List<Batch> newest(@Nullable JobCursor after, int most) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, NEWEST)) {
                @Nullable Instant createdAt = after == null ? null : after.createdAt();
                return bind.time(createdAt)
                        .time(createdAt)
                        .uuid(after == null ? null : after.id())
                        .integer(most)
                        .rows(BatchStore::batch);
            }
        });
    }

    private static Instant add(Connection connection, NewBatch batch) throws SQLException {
        try (Bind bind = Bind.of(connection, ADD)) {
            return bind.uuid(batch.id())
                    .text(batch.name())
                    .text(batch.lane().code())
                    .integer(batch.jobs())
                    .usd(batch.estimatedUsd())
                    .integer(batch.unknownPrice())
                    .row(row -> Bind.instant(row, "created_at"));
        }
    }

    private static Batch batch(ResultSet row) throws SQLException {
        Counts counts = new Counts(
                row.getLong("queued"),
                row.getLong("submitting"),
                row.getLong("uncertain"),
                row.getLong("running"),
                row.getLong("held"),
                row.getLong("succeeded"),
                row.getLong("failed"),
                row.getLong("cancelled"),
                row.getLong("archived"));
        boolean ended = counts.live() == 0 && row.getLong("waiting") == 0;
        return new Batch(
                Bind.uuid(row, "id"),
                row.getString("name"),
                row.getString("lane"),
                counts,
                row.getBigDecimal("estimated_usd"),
                row.getLong("unknown_price"),
                new Paid(
                        row.getBigDecimal("reserved_usd"),
                        row.getBigDecimal("charged_usd"),
                        row.getBigDecimal("refunded_usd")),
                Bind.instant(row, "created_at"),
                ended ? Bind.time(row, "ended_at") : null);
    }
}
