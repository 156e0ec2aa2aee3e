package io.wavequeue.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a batch that are to follow its row. They are found without a lock, at most {@code most} of them, and changed under
 * one, as far as nobody else is changing them.
 */
record BatchJobs(Connection connection, UUID batchId, int most) {
    /**
     * What waits is found by the indexes of what is due and of what is out, what is held by that of those that have a reason. They
     * are asked for in their own words (ADR 0013). Of what is out there are some thousands at most, over all batches.
     */
    private static final String QUEUED = """
            with sent as materialized (
              select id, model, reserve_usd, batch_id
              from job
              where dispatch_at is not null
                and sends > 0
            ), queued as (
              select id, model, reserve_usd
              from job
              where dispatch_at is not null
                and sends = 0
                and lane in ('interactive', 'bulk')
                and coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) = ?
              union all
              select id, model, reserve_usd
              from sent
              where batch_id = ?
            )
            """;

    static final String WAITING = """
            %s
            select id
            from queued
            limit ?
            """.formatted(QUEUED);

    /** All that has not ended, but what is cancelled already. */
    static final String LIVE = """
            %s, under_way as materialized (
              select id, batch_id
              from job
              where status in ('submitting', 'running')
                and not cancel_requested
              union all
              select id, batch_id
              from job
              where status = 'uncertain'
                and not cancel_requested
            )
            select id
            from queued
            union all
            select id
            from job
            where hold_reason is not null
              and batch_id = ?
              and not cancel_requested
            union all
            select id
            from under_way
            where batch_id = ?
            limit ?
            """.formatted(QUEUED);

    private static final String PRICED = """
            %s, priced as (
              select q.id, round(q.reserve_usd * coalesce(f.factor, 1), 6) as usd
              from queued q
              left join price_factor f on f.model = q.model
            )
            """.formatted(QUEUED);

    static final String NOT_COVERED = """
            %s
            select id, usd
            from priced
            where usd is null
               or usd > ?
            limit ?
            """.formatted(PRICED);

    private static final String QUEUE = """
            %s
            select coalesce(sum(usd), 0) as usd, coalesce(bool_or(usd is null or usd > ?), false) as not_covered
            from priced
            """.formatted(PRICED);

    static final String PAUSED = """
            select id
            from job
            where batch_id = ?
              and hold_reason = 'paused'
              and held_by_batch
              and not held_by_person
            order by created_at, id
            limit ?
            """;

    /** The oldest that the money covers together; all of them where there is no limit. */
    static final String COVERED = """
            select id
            from (select id, usd, sum(usd) over (order by created_at, id) as sum_usd
                  from (select j.id, j.created_at, round(j.reserve_usd * coalesce(f.factor, 1), 6) as usd
                        from job j
                        left join price_factor f on f.model = j.model
                        where j.batch_id = ?
                          and j.hold_reason = 'budget'
                          and j.held_by_batch
                          and (?::numeric is null or round(j.reserve_usd * coalesce(f.factor, 1), 6) <= ?::numeric)
                        order by j.created_at, j.id
                        limit ?) h) s
            where ?::numeric is null
               or sum_usd <= ?::numeric
            """;

    private static final String ARE_SHORT = """
            select exists (select 1
                           from job
                           where batch_id = ?
                             and hold_reason = 'budget'
                             and held_by_batch)
            """;

    /** Only held jobs are held by their batch; what a person held meanwhile stays. */
    static final String RELEASE = """
            with released as (
              select id
              from job
              where id = any(?::uuid[])
                and held_by_batch
                and not held_by_person
              order by id
              for no key update skip locked
            )
            update job j
            set status = 'queued', hold_reason = null, held_by_batch = false, dispatch_at = now(), sends = 0,
                version = j.version + 1, error_class = null, error_message = null, error_retryable = null,
                updated_at = now()
            from released r
            where j.id = r.id
            """;

    /** A queued job and what it needs; null = nobody knows its price. */
    record Priced(UUID id, @Nullable BigDecimal usd) {}

    /** Those that are queued. */
    List<UUID> waiting() throws SQLException {
        return ids(WAITING, bind -> bind.uuid(batchId).uuid(batchId).integer(most));
    }

    /** Those that have not ended and are not cancelled yet. */
    List<UUID> live() throws SQLException {
        return ids(LIVE, bind -> bind.uuid(batchId)
                .uuid(batchId)
                .uuid(batchId)
                .uuid(batchId)
                .integer(most));
    }

    /** Those that are held since the batch was paused. */
    List<UUID> paused() throws SQLException {
        return ids(PAUSED, bind -> bind.uuid(batchId).integer(most));
    }

    /** Whether some are held for the batch's budget. */
    boolean areShort() throws SQLException {
        try (Bind bind = Bind.of(connection, ARE_SHORT)) {
            return bind.uuid(batchId).row(row -> row.getBoolean(1));
        }
    }

    /** Those that are queued and that so much money does not cover, not even one of them alone. */
    List<Priced> notCovered(BigDecimal usd) throws SQLException {
        try (Bind bind = Bind.of(connection, NOT_COVERED)) {
            return bind.uuid(batchId)
                    .uuid(batchId)
                    .usd(usd)
                    .integer(most)
                    .rows(row -> new Priced(Bind.uuid(row, "id"), row.getBigDecimal("usd")));
        }
    }

    /** Those that are held for the batch's budget and that so much money covers together; null = all of them. */
    List<UUID> covered(@Nullable BigDecimal usd) throws SQLException {
        return ids(COVERED, bind -> bind.uuid(batchId)
                .usd(usd)
                .usd(usd)
                .integer(most)
                .usd(usd)
                .usd(usd));
    }

    /**
     * Those that are queued.
     *
     * @param usd what they need together; leaves out unknown prices
     * @param notCovered whether there is one that so much money as was asked for does not cover
     */
    record Queue(BigDecimal usd, boolean notCovered) {}

    Queue queue(BigDecimal usd) throws SQLException {
        try (Bind bind = Bind.of(connection, QUEUE)) {
            return bind.uuid(batchId)
                    .uuid(batchId)
                    .usd(usd)
                    .row(row -> new Queue(row.getBigDecimal("usd"), row.getBoolean("not_covered")));
        }
    }

    /** Queues those of them that are still held for the batch. Returns how many. */
    int release(List<UUID> jobs) throws SQLException {
        try (Bind bind = Bind.of(connection, RELEASE)) {
            return bind.array("uuid", jobs, id -> id).update();
        }
    }

    private List<UUID> ids(String sql, Parameters parameters) throws SQLException {
        try (Bind bind = Bind.of(connection, sql)) {
            return parameters.on(bind).rows(row -> Bind.uuid(row, "id"));
        }
    }

    @FunctionalInterface
    private interface Parameters {
        Bind on(Bind bind) throws SQLException;
    }
}
