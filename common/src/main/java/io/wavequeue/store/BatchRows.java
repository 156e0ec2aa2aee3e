package io.wavequeue.store;

import io.wavequeue.job.BatchPace;
import io.wavequeue.job.BatchStop;
import io.wavequeue.store.BatchStore.Batch;
import io.wavequeue.store.BatchStore.Counts;
import io.wavequeue.store.BatchStore.Paid;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads batches with the sums over their jobs. */
final class BatchRows {
    /** Over which jobs that ended are counted, to tell how fast the batch comes on. */
    private static final int LATELY_SECONDS = 300;

    /**
     * Each sum goes through the batch's jobs once: for 100,000 of them some tens of milliseconds. What was removed of it by rule
     * is added.
     */
    private static final String READ = """
            select b.id, b.name, b.lane, b.estimated_usd, b.unknown_price, b.created_at, b.stop, b.budget_usd,
                   c.*, m.*, o.archived, o.waiting,
                   coalesce(greatest(c.settled_at, o.archived_at, o.lost_at, past.ended_at), b.created_at) as ended_at,
                   extract(epoch from now() - m.claimed_at)::float8 as claimed_seconds,
                   t.submits_per_minute, t.hold_reason is not null as account_held
            from (%%s) b
            left join account t on t.id = 1
            cross join lateral (
              select coalesce(sum(g.succeeded), 0)::bigint as succeeded, coalesce(sum(g.failed), 0)::bigint as failed,
                     coalesce(sum(g.cancelled), 0)::bigint as cancelled, coalesce(sum(g.archived), 0)::bigint as archived,
                     sum(g.charged_usd) as charged_usd, sum(g.refunded_usd) as refunded_usd, max(g.ended_at) as ended_at
              from past_jobs g
              where g.batch_id = b.id
            ) past
            cross join lateral (
              select count(*) filter (where j.status = 'queued') as queued,
                     count(*) filter (where j.status = 'submitting') as submitting,
                     count(*) filter (where j.status = 'uncertain') as uncertain,
                     count(*) filter (where j.status = 'running') as running,
                     count(*) filter (where j.status = 'held') as held,
                     count(*) filter (where j.hold_reason = 'uncertain_submission') as doubtful,
                     past.succeeded + count(*) filter (where j.status = 'succeeded') as succeeded,
                     past.failed + count(*) filter (where j.status = 'failed') as failed,
                     past.cancelled + count(*) filter (where j.status = 'cancelled') as cancelled,
                     max(j.settled_at) as settled_at,
                     count(*) filter (where j.status in ('succeeded', 'failed')
                                            and j.settled_at > now() - interval '%d seconds') as ended_lately
              from job j
              where j.batch_id = b.id
            ) c
            cross join lateral (
              select coalesce(sum(a.reserved_usd) filter (where a.status in ('submitting', 'accepted', 'uncertain')), 0)
                       as reserved_usd,
                     coalesce(past.charged_usd + sum(a.charged_usd), past.charged_usd, sum(a.charged_usd)) as charged_usd,
                     coalesce(past.refunded_usd + sum(a.refunded_usd), past.refunded_usd, sum(a.refunded_usd)) as refunded_usd,
                     min(a.claimed_at) as claimed_at
              from job j
              join attempt a on a.job_id = j.id
              where j.batch_id = b.id
            ) m
            cross join lateral (
              select past.archived + count(*) filter (where whole) as archived,
                     count(*) filter (where open) as waiting,
                     max(archived_at) as archived_at,
                     max(lost_at) as lost_at
              from (select bool_and(p.archived_at is not null) as whole, bool_or(p.archive_at is not null) as open,
                           max(p.archived_at) as archived_at, max(p.lost_at) as lost_at
                    from job j
                    join output p on p.job_id = j.id
                    where j.batch_id = b.id
                    group by p.job_id) of_jobs
            ) o
            order by b.created_at desc, b.id desc
            """.formatted(LATELY_SECONDS);

    static final String ONE = READ.formatted("select * from batch where id = ?");

    static final String NEWEST = READ.formatted("""
            select *
            from batch
            where (?::text is null or name = ?::text)
              and (?::timestamptz is null or (created_at, id) < (?, ?))
            order by created_at desc, id desc
            limit ?
            """);

    private BatchRows() {}

    static @Nullable BatchStop stop(ResultSet row) throws SQLException {
        String code = row.getString("stop");
        return code == null ? null : BatchStop.of(code);
    }

    private static @Nullable Long etaSeconds(ResultSet row, Counts counts) throws SQLException {
        BatchPace pace = new BatchPace(
                row.getLong("ended_lately"),
                Math.min(row.getDouble("claimed_seconds"), LATELY_SECONDS),
                row.getObject("submits_per_minute", Integer.class));
        OptionalLong seconds =
                pace.secondsFor(counts.queued(), counts.submitting() + counts.uncertain() + counts.running());
        return seconds.isPresent() ? seconds.getAsLong() : null;
    }

    static Batch batch(ResultSet row) throws SQLException {
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
        @Nullable BatchStop stop = stop(row);
        return new Batch(
                Bind.uuid(row, "id"),
                row.getString("name"),
                row.getString("lane"),
                stop,
                counts.under(stop, row.getLong("doubtful")),
                row.getBigDecimal("estimated_usd"),
                row.getLong("unknown_price"),
                new Paid(
                        row.getBigDecimal("reserved_usd"),
                        row.getBigDecimal("charged_usd"),
                        row.getBigDecimal("refunded_usd")),
                row.getBigDecimal("budget_usd"),
                stop == null && !row.getBoolean("account_held") ? etaSeconds(row, counts) : null,
                Bind.instant(row, "created_at"),
                ended ? Bind.time(row, "ended_at") : null);
    }
}
