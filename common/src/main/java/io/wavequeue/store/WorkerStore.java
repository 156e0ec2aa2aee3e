package io.wavequeue.store;

import io.wavequeue.job.JobStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What workers hold, and the taking over of what an ended worker held. */
@ApplicationScoped
public class WorkerStore {
    private static final String ADOPT = """
            with orphan as (
              select j.id
              from job j
              where j.status = 'running'
                and j.worker_id in (select id from worker where ended_at is not null and id <> ?)
              order by j.id
              limit ?
              for no key update of j skip locked
            ), adopted as (
              update job j
              set worker_id = ?, fence = ?, version = j.version + 1, updated_at = now()
              from orphan o
              where j.id = o.id
              returning j.id, j.attempt, j.tries_from + j.max_attempts as max_attempts, j.model, j.fence,
                        coalesce(j.replayed_at, j.created_at) as created_at
            )
            select d.id, d.attempt, d.max_attempts, d.model, d.fence, d.created_at, a.prediction_id, a.accepted_at
            from adopted d
            join attempt a on a.job_id = d.id and a.number = d.attempt
            """;

    private static final String ADOPTED = """
            select j.id, j.attempt, j.tries_from + j.max_attempts as max_attempts, j.model, j.fence,
                   coalesce(j.replayed_at, j.created_at) as created_at, a.prediction_id, a.accepted_at
            from job j
            join attempt a on a.job_id = j.id and a.number = j.attempt
            where j.worker_id = ?
              and j.fence = ?
              and j.status = 'running'
            """;

    /** The dead worker's grants count against their minute from now on: nobody knows when its requests were answered. */
    private static final String DOUBT = """
            with orphan as (
              select j.id, j.attempt
              from job j
              where j.status = 'submitting'
                and j.worker_id in (select id from worker where ended_at is not null)
              order by j.id
              limit ?
              for no key update of j skip locked
            ), doubted as (
              update job j
              set status = 'uncertain', worker_id = null, fence = ?, version = j.version + 1, updated_at = now(),
                  error_class = 'uncertain_submission', error_retryable = false,
                  error_message = 'its worker died while the submit may have been under way: it may have been charged'
              from orphan o
              where j.id = o.id
            ), attempt_doubted as (
              update attempt a
              set status = 'uncertain', submitted_at = coalesce(a.submitted_at, a.claimed_at),
                  error_class = 'uncertain_submission', error_retryable = false,
                  error_message = 'its worker died while the submit may have been under way: it may have been charged'
              from orphan o
              where a.job_id = o.id
                and a.number = o.attempt
            ), submit_counted as (
              insert into submit_window as w (second, submits)
              select date_trunc('second', now()), count(*)
              from orphan
              having count(*) > 0
              on conflict (second) do update set submits = w.submits + excluded.submits
            )
            select id from orphan
            """;

    private static final String HOSTS = """
            select distinct host
            from worker
            where ended_at is null
              and beat_at > now() - make_interval(secs => ?)
            """;

    private static final String ROWS = """
            select id, fence, extract(epoch from now() - updated_at)::float8 as quiet_s
            from job
            where worker_id = ?
              and status in ('submitting', 'running')
            """;

    private static final String LET_GO = """
            with lost as (
              select j.id
              from unnest(?::uuid[], ?::bigint[]) as c(id, fence)
              join job j on j.id = c.id
              where j.fence = c.fence
                and j.worker_id = ?
                and j.status in ('submitting', 'running')
              order by j.id
              for no key update of j
            )
            update job j
            set worker_id = '00000000-0000-0000-0000-000000000000', fence = ?, version = j.version + 1, updated_at = now()
            from lost l
            where j.id = l.id
            """;

    private static final String DAMAGED = """
            select j.id, j.fence, j.status, a.status = 'uncertain' as doubtful,
                   case when p.job_id is null then 'its request is gone' else 'its attempt is gone' end as what
            from job j
            left join job_payload p on p.job_id = j.id
            left join attempt a on a.job_id = j.id and a.number = j.attempt
            where j.status in ('queued', 'submitting', 'uncertain', 'running', 'held')
              and ((p.job_id is null and j.status in ('queued', 'uncertain', 'held'))
                   or (a.job_id is null
                       and (j.status in ('submitting', 'uncertain', 'running') or j.hold_reason = 'uncertain_submission')))
            order by j.id
            limit ?
            """;

    private static final long TAKE_OVER_LOCK = 0x54414B45;

    private final Database database;

    WorkerStore(Database database) {
        this.database = database;
    }

    /** An accepted prediction that a worker follows, whoever submitted it. */
    public record RunningJob(
            UUID jobId,
            long fence,
            int attempt,
            int maxAttempts,
            String model,
            String predictionId,
            Instant acceptedAt,
            Instant createdAt) {}

    /**
     * A row that names a worker as the one that holds it.
     *
     * @param quiet since it last changed
     */
    public record HeldRow(UUID jobId, long fence, Duration quiet) {}

    /** The machines, by name, of workers that have beaten within that time. */
    public Set<String> hosts(Duration lately) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, HOSTS)) {
                return Set.copyOf(bind.seconds(lately).rows(row -> row.getString("host")));
            }
        });
    }

    /** All rows that name this worker. */
    public List<HeldRow> rows(UUID workerId) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, ROWS)) {
                return bind.uuid(workerId)
                        .rows(row -> new HeldRow(
                                Bind.uuid(row, "id"),
                                row.getLong("fence"),
                                Duration.ofMillis(Math.round(row.getDouble("quiet_s") * 1_000))));
            }
        });
    }

    /** Hands rows of this worker to nobody, so that they are treated like a dead worker's. Returns how many it were. */
    public int letGo(UUID workerId, long fence, List<HeldRow> rows) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, LET_GO)) {
                return bind.array("uuid", rows, HeldRow::jobId)
                        .array("bigint", rows, HeldRow::fence)
                        .uuid(workerId)
                        .number(fence)
                        .update();
            }
        });
    }

    /**
     * A job that cannot be carried on, because rows that belong to it are missing.
     *
     * @param doubtful whether it has an attempt that is uncertain
     */
    public record DamagedRow(UUID jobId, long fence, JobStatus status, boolean doubtful, String what) {}

    /**
     * Jobs whose request or attempt is gone: no writer of ours leaves such rows. A submit under way and a running prediction
     * need no request any more, and are left to their worker.
     */
    public List<DamagedRow> damaged(int most) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, DAMAGED)) {
                return bind.integer(most)
                        .rows(row -> new DamagedRow(
                                Bind.uuid(row, "id"),
                                row.getLong("fence"),
                                JobStatus.of(row.getString("status")),
                                row.getBoolean("doubtful"),
                                row.getString("what")));
            }
        });
    }

    /** Takes over running predictions of ended workers, at most {@code most}. */
    public List<RunningJob> adopt(UUID workerId, long fence, int most) {
        return database.inTransaction(connection -> {
            lock(connection);
            try (Bind bind = Bind.of(connection, ADOPT)) {
                return bind.uuid(workerId)
                        .integer(most)
                        .uuid(workerId)
                        .number(fence)
                        .rows(WorkerStore::adopted);
            }
        });
    }

    /** What a take-over with this fence took, when its commit's reply was lost. */
    public List<RunningJob> readBack(UUID workerId, long fence) {
        return database.inTransaction(connection -> {
            lock(connection);
            try (Bind bind = Bind.of(connection, ADOPTED)) {
                return bind.uuid(workerId).number(fence).rows(WorkerStore::adopted);
            }
        });
    }

    /** Take-overs go one after the other, so that reading one back waits for its commit. */
    private static void lock(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, "select pg_advisory_xact_lock(?) is null as locked")) {
            bind.number(TAKE_OVER_LOCK).rows(row -> row.getBoolean("locked"));
        }
    }

    /** Submits of ended workers become uncertain: nobody knows what became of them. Returns the jobs. */
    public List<UUID> doubt(long fence, int most) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, DOUBT)) {
                return bind.integer(most).number(fence).rows(row -> Bind.uuid(row, "id"));
            }
        });
    }

    private static RunningJob adopted(ResultSet row) throws SQLException {
        @Nullable Instant acceptedAt = Bind.time(row, "accepted_at");
        return new RunningJob(
                Bind.uuid(row, "id"),
                row.getLong("fence"),
                row.getInt("attempt"),
                row.getInt("max_attempts"),
                row.getString("model"),
                row.getString("prediction_id"),
                acceptedAt == null ? Instant.EPOCH : acceptedAt,
                Bind.instant(row, "created_at"));
    }
}
