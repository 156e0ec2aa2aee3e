package io.wavequeue.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Fills a migrated, empty database with the rows that so many jobs leave which ended within the last 90 days. */
final class MadeUpRows {
    /** The oldest is just younger than what is removed by rule; ids rise with the time, as those of {@code JobIds} do. */
    private static final String JOBS = """
            insert into job (id, status, model, lane, reference, batch_id, max_attempts, attempt, fence, version, dispatch_no,
                             estimated_usd, reserve_usd, error_class, error_message, error_retryable,
                             created_at, updated_at, settled_at, dispatched_at)
            select (lpad(to_hex((extract(epoch from t.at) * 1000)::bigint), 12, '0') || '7' || substr(h, 1, 3) || '8'
                      || substr(h, 4, 15))::uuid,
                   s.status, 'lab/model-' || i %% 5, case when i %% 10 = 0 then 'interactive' else 'bulk' end,
                   'cue_' || i %% (%1$d / 4 + 1),
                   case when i %% 10 > 0 then lpad(to_hex(i / 1000), 32, '0')::uuid end,
                   3, case s.status when 'cancelled' then 0 else 1 end, i, 5, 1, 0.0217, 0.0217,
                   case s.status when 'failed' then 'provider_error' end,
                   case s.status when 'failed' then 'the provider''s GPU failed (code 5000)' end,
                   case s.status when 'failed' then true end,
                   t.at, t.at + interval '30 s', t.at + interval '20 s', t.at + interval '1 s'
            from generate_series(1, %1$d) i
            cross join lateral (select now() - interval '89 days 23 hours' + (i::float8 / %1$d) * interval '89 days 22 hours' as at,
                                       md5(i::text) as h,
                                       i %% 1000 as place) t
            cross join lateral (select case when t.place %% 33 = 5 then 'failed' when t.place %% 100 = 7 then 'cancelled'
                                            else 'succeeded' end as status) s
            """;

    private static final String PAYLOADS = """
            insert into job_payload (job_id, input, labels, created_at, model, reference, content_key)
            select id,
                   case when fence % 50 = 0
                        then '{"prompt":"a longer wind over dry grass, loopable, no music","audio":"media:sha256:'
                             || md5((fence % 1000)::text) || md5((fence % 1000)::text) || '","duration":12.5}'
                        else '{"prompt":"soft rain on a tin roof, take ' || fence || ', no music, no voices","duration":12.5}' end,
                   jsonb_build_object('category', 'c' || fence % 20, 'scene', 's' || fence % 2000),
                   created_at, model, reference,
                   case when batch_id is not null then md5('a' || fence) || md5('b' || fence) end
            from job
            """;

    private static final String ATTEMPTS = """
            insert into attempt (job_id, number, status, worker_id, prediction_id, claimed_at, submitted_at, accepted_at, completed_at,
                                 polls, inference_ms, detect_ms, price_usd, reserved_usd, charged_usd, refunded_usd, budget_day,
                                 error_class, error_message, error_retryable)
            select id, 1, case status when 'failed' then 'failed' else 'completed' end, '00000000-0000-0000-0000-000000000000',
                   md5('p' || fence), created_at + interval '1 s', created_at + interval '1 s', created_at + interval '2 s',
                   settled_at, 2, 9000, 400, 0.0217, 0.0217, 0.0217, case status when 'failed' then 0.0217 end,
                   (created_at at time zone 'UTC')::date, error_class, error_message, error_retryable
            from job
            where attempt = 1
            """;

    private static final String OUTPUTS = """
            insert into output (job_id, number, attempt, url, file, content_type, bytes, sha256, created_at, archived_at, audio)
            select id, 0, 1, 'https://cdn.lab.example/' || md5('p' || fence) || '/0.wav',
                   (created_at at time zone 'UTC')::date || '/' || id || '_0.wav', 'audio/wav', 1048576,
                   md5('c' || fence) || md5('d' || fence), settled_at, settled_at + interval '2 s',
                   '{"verdict":"ok","format":"wav","seconds":12.5,"sample_rate":44100,"channels":2,"reasons":[]}'
            from job
            where status = 'succeeded'
            """;

    private static final String BILL = """
            insert into bill_row (uuid, prediction_id, model, kind, usd, billed_at, settled, booked)
            select md5(k.kind || j.fence), md5('p' || j.fence), j.model, k.kind, 0.0217, j.created_at + interval '2 s', true, true
            from job j
            join (values ('deduct'), ('refund')) as k(kind) on k.kind = 'deduct' or j.status = 'failed'
            where j.attempt = 1
            """;

    /** What is kept of them: those of the last day. */
    private static final String EVENTS = """
            insert into event (job_id, version, status, previous_status, attempt, cancel_requested, at)
            select j.id, v.version, v.status, v.previous, 1, false, j.created_at + v.version * interval '1 s'
            from job j
            cross join (values (1, 'queued', null), (2, 'submitting', 'queued'), (3, 'running', 'submitting'),
                               (4, 'succeeded', 'running'), (5, 'succeeded', 'succeeded')) as v(version, status, previous)
            where j.created_at > now() - interval '1 day'
              and j.status = 'succeeded'
            """;

    /** One job of a hundred is a take of a library, the oldest ones too; libraries have 10,000 takes. */
    private static final String TAKES = """
            insert into take (library, reference, number, content_key, job_id, created_at)
            select 'library ' || fence / 1000000, reference || '_' || fence, 1, md5('a' || fence) || md5('b' || fence), id, created_at
            from job
            where fence %% 100 = 1
              and fence <= %d
            """;

    private static final List<String> TABLES =
            List.of("job", "job_payload", "attempt", "output", "event", "bill_row", "take", "batch", "media");

    private MadeUpRows() {}

    /** Told how far it is. */
    @FunctionalInterface
    interface Progress {
        void say(String line);
    }

    static void fill(String url, long jobs, Progress progress) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "set session_replication_role = replica"); // neither events nor a look at each foreign key
            statement.execute("set maintenance_work_mem = '512MB'");
            statement.execute("set synchronous_commit = off");
            List<String> indexes = dropped(statement);
            timed(progress, "jobs", () -> statement.execute(JOBS.formatted(jobs)));
            timed(progress, "payloads", () -> statement.execute(PAYLOADS));
            timed(progress, "attempts", () -> statement.execute(ATTEMPTS));
            timed(progress, "outputs", () -> statement.execute(OUTPUTS));
            timed(progress, "the bill", () -> statement.execute(BILL));
            timed(progress, "events", () -> statement.execute(EVENTS));
            statement.execute("""
                    insert into batch (id, name, lane, jobs, estimated_usd, unknown_price, created_at)
                    select batch_id, 'night', 'bulk', count(*), sum(estimated_usd), 0, min(created_at)
                    from job
                    where batch_id is not null
                    group by batch_id
                    """);
            statement.execute("""
                    insert into library (name) select 'library ' || i from generate_series(0, %d / 1000000) i
                    """.formatted(jobs));
            statement.execute(TAKES.formatted(jobs));
            statement.execute("""
                    insert into media (sha256, bytes, content_type, filename)
                    select md5(i::text) || md5(i::text), 1000000, 'audio/wav', i || '.wav' from generate_series(0, 999) i
                    """);
            statement.execute("""
                    update event_cursor
                    set xid = (select coalesce(max(xid), '0') from event), event_id = (select coalesce(max(id), 0) from event)
                    """);
            statement.execute("update bill_cursor set position = now(), read_at = now()");
            timed(progress, indexes.size() + " indexes", () -> {
                for (String index : indexes) {
                    statement.execute(index);
                }
            });
            timed(progress, "vacuum analyze", () -> {
                for (String table : TABLES) {
                    statement.execute("vacuum analyze " + table);
                }
            });
            statement.execute("checkpoint");
            try (ResultSet size =
                    statement.executeQuery("select pg_size_pretty(pg_database_size(current_database()))")) {
                size.next();
                progress.say("%,d jobs: %s".formatted(jobs, size.getString(1)));
            }
        }
    }

    /** Whatever is not in the order of the rows is made again afterwards, which is sooner. */
    private static List<String> dropped(Statement statement) throws SQLException {
        List<String> again = new ArrayList<>();
        List<String> drop = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("""
                select 'drop index ' || i.indexrelid::regclass, pg_get_indexdef(i.indexrelid)
                from pg_index i
                where i.indrelid::regclass::text in ('job', 'job_payload', 'attempt', 'output', 'event', 'bill_row', 'take')
                  and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)
                union all
                select format('alter table %s drop constraint %s', c.conrelid::regclass, c.conname),
                       format('alter table %s add constraint %s %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
                from pg_constraint c
                where c.conname in ('attempt_prediction_once', 'bill_row_pk')
                """)) {
            while (rows.next()) {
                drop.add(rows.getString(1));
                again.add(rows.getString(2));
            }
        }
        for (String sql : drop) {
            statement.execute(sql);
        }
        return again;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws SQLException;
    }

    private static void timed(Progress progress, String what, Work work) throws SQLException {
        Instant start = Instant.now();
        work.run();
        progress.say("  %s: %d s"
                .formatted(what, Duration.between(start, Instant.now()).toSeconds()));
    }
}
