package io.wavequeue.store;

import io.wavequeue.store.view.JobFilter;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Failed jobs by what they failed of. Equal messages are added up first and become patterns then, so that as many patterns are
 * made as there are different messages; and nothing is joined but by key, so that no estimate of the planner's can go wrong.
 */
@ApplicationScoped
public class FailureStore {
    private static final String CAUSES = """
            with found as (
              select j.error_class, j.model, j.error_message, j.error_retryable, j.settled_at, j.replays,
                     r.error_message as message_before,
                     round(j.estimated_usd * coalesce(pf.factor, 1), 6) as estimated_usd,
                     a.charged_usd,
                     to_char(j.settled_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') || j.id as newest
              from %s f
              join job j on j.status = 'failed'
              left join price_factor pf on pf.model = j.model
              left join lateral (select sum(case when a.status in ('refused', 'not_created') then 0
                                                 else a.charged_usd - coalesce(a.refunded_usd, 0) end) as charged_usd
                                 from attempt a
                                 where a.job_id = j.id) a on true
              left join lateral (select r.error_message
                                 from job_replay r
                                 where j.replays > 0
                                   and r.job_id = j.id
                                   and r.number = j.replays
                                   and r.status = 'failed'
                                   and r.error_class = j.error_class
                                 limit 1) r on true
              where %s
                and %s
            ), message as (
              select error_class, model, error_message, nullif(message_before, error_message) as other_before,
                     bool_or(error_retryable) as retryable,
                     count(*) as jobs,
                     min(settled_at) as first_seen,
                     max(settled_at) as last_seen,
                     sum(estimated_usd) as estimated_usd,
                     count(*) - count(estimated_usd) as unknown_price,
                     sum(charged_usd) as charged_usd,
                     count(*) filter (where replays > 0) as replayed,
                     count(*) filter (where message_before = error_message) as same_message,
                     count(*) filter (where replays >= ?) as parked,
                     max(replays) as most_replays,
                     max(newest) as newest
              from found
              group by 1, 2, 3, 4
            ), patterned as materialized (
              select *, failure_pattern(error_message) as pattern
              from message
            ), cause as (
              select error_class, model, pattern,
                     max(error_message) as any_message,
                     bool_or(retryable) as retryable,
                     sum(jobs)::bigint as jobs,
                     min(first_seen) as first_seen,
                     max(last_seen) as last_seen,
                     sum(estimated_usd) as estimated_usd,
                     sum(unknown_price)::bigint as unknown_price,
                     sum(charged_usd) as charged_usd,
                     sum(replayed)::bigint as replayed,
                     sum(case when other_before is null then same_message
                              when failure_pattern(other_before) = pattern then jobs
                              else 0 end)::bigint as same_error,
                     sum(parked)::bigint as parked,
                     max(most_replays) as most_replays,
                     max(newest) as newest
              from patterned
              group by 1, 2, 3
            ), shown as (
              select *,
                     count(*) over () as all_groups,
                     sum(jobs) over ()::bigint as all_jobs,
                     sum(estimated_usd) over () as all_estimated_usd,
                     sum(unknown_price) over ()::bigint as all_unknown_price,
                     sum(charged_usd) over () as all_charged_usd
              from cause
              order by jobs desc, last_seen desc, error_class, model, pattern
              limit ?
            )
            select failure_fingerprint(s.error_class, s.model, s.any_message) as fingerprint, s.*,
                   e.id, e.reference, e.batch_id, e.error_message, e.settled_at
            from shown s
            join job e on e.id = right(s.newest, 36)::uuid
            order by s.jobs desc, s.last_seen desc, s.error_class, s.model, s.pattern
            """.formatted(FilterSql.GIVEN, FilterSql.MATCHES_JOB, FilterSql.HAS_LABELS);

    private final Database database;

    FailureStore(Database database) {
        this.database = database;
    }

    /**
     * What jobs failed of.
     *
     * @param causes those of most jobs first, then the latest
     * @param total of all causes, also those that are not among them
     */
    public record Failures(List<Cause> causes, Total total) {}

    /**
     * Failed jobs of one fingerprint.
     *
     * @param pattern their message without what differs from job to job
     * @param retryable whether the same request may succeed as it is, for one of them at least
     * @param estimatedUsd what replaying all of them is expected to cost; leaves out unknown prices, null = all are unknown
     * @param unknownPrice jobs without a price
     * @param chargedUsd what was paid for all their attempts less what came back; null = no charge is known
     * @param replayed jobs that were replayed before
     * @param sameError of those, jobs that had failed of the same before their last replay
     * @param mostReplays how often that one of them was replayed which was replayed most often
     * @param parked jobs that were replayed as often as they may be
     * @param newest the one that failed last
     */
    public record Cause(
            String fingerprint,
            String errorClass,
            String model,
            String pattern,
            boolean retryable,
            long jobs,
            Instant firstSeen,
            Instant lastSeen,
            @Nullable BigDecimal estimatedUsd,
            long unknownPrice,
            @Nullable BigDecimal chargedUsd,
            long replayed,
            long sameError,
            int mostReplays,
            long parked,
            Example newest) {}

    /** One of the jobs. */
    public record Example(
            UUID id, @Nullable String reference, @Nullable UUID batchId, String message, Instant failedAt) {}

    /** All causes together; amounts as in {@link Cause}. */
    public record Total(
            long groups,
            long jobs,
            @Nullable BigDecimal estimatedUsd,
            long unknownPrice,
            @Nullable BigDecimal chargedUsd) {
        private static final Total NONE = new Total(0, 0, BigDecimal.ZERO, 0, BigDecimal.ZERO);
    }

    private record Row(Cause cause, Total total) {}

    /**
     * The causes of the failed jobs that the filter lets through.
     *
     * @param maxReplays how often a job may be replayed
     * @param most how many causes at most
     */
    public Failures causes(JobFilter filter, int maxReplays, int most) {
        List<Row> rows = database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, CAUSES)) {
                return FilterSql.bind(bind, filter)
                        .integer(maxReplays)
                        .integer(most)
                        .rows(row -> new Row(cause(row), total(row)));
            }
        });
        return new Failures(
                rows.stream().map(Row::cause).toList(),
                rows.isEmpty() ? Total.NONE : rows.getFirst().total());
    }

    private static Cause cause(ResultSet row) throws SQLException {
        return new Cause(
                row.getString("fingerprint"),
                row.getString("error_class"),
                row.getString("model"),
                row.getString("pattern"),
                row.getBoolean("retryable"),
                row.getLong("jobs"),
                Bind.instant(row, "first_seen"),
                Bind.instant(row, "last_seen"),
                row.getBigDecimal("estimated_usd"),
                row.getLong("unknown_price"),
                row.getBigDecimal("charged_usd"),
                row.getLong("replayed"),
                row.getLong("same_error"),
                row.getInt("most_replays"),
                row.getLong("parked"),
                new Example(
                        Bind.uuid(row, "id"),
                        row.getString("reference"),
                        row.getObject("batch_id", UUID.class),
                        row.getString("error_message"),
                        Bind.instant(row, "settled_at")));
    }

    private static Total total(ResultSet row) throws SQLException {
        return new Total(
                row.getLong("all_groups"),
                row.getLong("all_jobs"),
                row.getBigDecimal("all_estimated_usd"),
                row.getLong("all_unknown_price"),
                row.getBigDecimal("all_charged_usd"));
    }
}
