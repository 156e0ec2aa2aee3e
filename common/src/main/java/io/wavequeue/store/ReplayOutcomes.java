package io.wavequeue.store;

import io.wavequeue.store.BulkView.Outcome;
import io.wavequeue.store.BulkView.Refusals;
import io.wavequeue.store.BulkView.Refused;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** What is told of a replay beside what is told of every bulk operation. */
final class ReplayOutcomes {
    /** A job {@code j} has failed of what it had failed of before its replay {@code r}. Equal messages need no pattern. */
    private static final String SAME_ERROR = """
            case when j.status <> 'failed' or r.fingerprint is null then false
                 when (j.error_class, j.error_message) = (r.error_class, r.error_message) then true
                 else failure_fingerprint(j.error_class, j.model, j.error_message) = r.fingerprint end
            """;

    /** A job that was let go has no replay of its own: what it was when it was chosen counts. */
    private static final String NOW = """
            select j.status,
                   %s as same_error,
                   count(*)::int as jobs,
                   sum(a.usd) as usd
            from resolution_item i
            cross join lateral (select status, model, error_class, error_message from job where id = i.job_id limit 1) j
            left join lateral (select number, attempt, fingerprint, error_class, error_message
                               from job_replay
                               where job_id = i.job_id
                                 and resolution_id = i.resolution_id
                               limit 1) r on true
            left join lateral (select attempt
                               from job_replay
                               where job_id = i.job_id
                                 and number = coalesce(r.number, i.replays) + 1
                               limit 1) n on true
            left join lateral (select sum(coalesce(charged_usd, 0) - coalesce(refunded_usd, 0)) as usd
                               from attempt
                               where job_id = i.job_id
                                 and number > coalesce(r.attempt, i.attempt)
                                 and (n.attempt is null or number <= n.attempt)) a on true
            where i.resolution_id = ?
              and i.done_at is not null
              and i.skip_reason is null
            group by 1, 2
            """.formatted(SAME_ERROR);

    private static final String FAILED_AGAIN = """
            select count(*)::int as jobs
            from resolution_item i
            cross join lateral (select status, replays, model, error_class, error_message
                                from job
                                where id = i.job_id
                                limit 1) j
            cross join lateral (select fingerprint, error_class, error_message
                                from job_replay
                                where job_id = i.job_id
                                  and number = j.replays
                                limit 1) r
            where i.resolution_id = ?
              and i.planned_skip is null
              and %s
            """.formatted(SAME_ERROR);

    private static final String REFUSED = """
            select key, reason, message, count(*) over ()::int as total
            from replay_refusal
            where resolution_id = ?
            order by number
            limit 100
            """;

    private ReplayOutcomes() {}

    /** What became of the jobs that were replayed, as of now. */
    static List<Outcome> now(Connection connection, UUID replay) throws SQLException {
        try (Bind bind = Bind.of(connection, NOW)) {
            return bind.uuid(replay)
                    .rows(row -> new Outcome(
                            row.getString("status"),
                            row.getBoolean("same_error"),
                            row.getInt("jobs"),
                            row.getBigDecimal("usd")));
        }
    }

    /** How many would go although their last replay ended in the error that they had before. */
    static int failedAgain(Connection connection, UUID replay) throws SQLException {
        try (Bind bind = Bind.of(connection, FAILED_AGAIN)) {
            return bind.uuid(replay).row(row -> row.getInt("jobs"));
        }
    }

    /** Letters that became no job. */
    static Refusals refused(Connection connection, UUID replay) throws SQLException {
        AtomicInteger count = new AtomicInteger();
        try (Bind bind = Bind.of(connection, REFUSED)) {
            List<Refused> first = bind.uuid(replay).rows(row -> {
                count.set(row.getInt("total"));
                return new Refused(row.getString("key"), row.getString("reason"), row.getString("message"));
            });
            return new Refusals(count.get(), first);
        }
    }
}
