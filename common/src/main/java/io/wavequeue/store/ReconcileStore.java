package io.wavequeue.store;

import io.wavequeue.job.JobStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What is known of submits whose outcome nobody saw. It only reads jobs; {@link JobTransitions} changes them. */
@ApplicationScoped
public class ReconcileStore {
    private static final String COLUMNS = """
            select j.id, j.fence, j.status, j.attempt, j.tries_from + j.max_attempts as max_attempts, j.model,
                   coalesce(j.replayed_at, j.created_at) as created_at, a.claimed_at, a.reserved_usd, p.input,
                   now() as read_at
            from job j
            join attempt a on a.job_id = j.id and a.number = j.attempt
            join job_payload p on p.job_id = j.id
            """;

    private static final String UNCERTAIN = COLUMNS + """
            where j.status = 'uncertain'
            order by a.claimed_at, j.id
            limit ?
            """;

    private static final String OPEN_OF_MODEL = COLUMNS + """
            where j.status in ('submitting', 'uncertain')
              and j.model = ?
            """;

    private static final String DOUBTFUL = COLUMNS + """
            where j.id = any (?::uuid[])
              and (j.status = 'uncertain' or (j.status = 'held' and j.hold_reason = 'uncertain_submission'))
            """;

    /** With the input that the attempt had: a later replay may have changed it. */
    private static final String KNOWN = """
            select a.prediction_id, coalesce(r.input, p.input) as input
            from attempt a
            join job_payload p on p.job_id = a.job_id
            left join lateral (select input
                               from job_replay
                               where job_id = a.job_id
                                 and attempt >= a.number
                                 and input is not null
                               order by number
                               limit 1) r on true
            where a.prediction_id = any (?::text[])
            """;

    private static final String NOTE = """
            with found as (
              select j.id as job_id, j.model, ?::integer as attempt, c.prediction_id, c.created_at
              from job j
              cross join unnest(?::text[], ?::timestamptz[]) as c(prediction_id, created_at)
              where j.id = ?
            ), noted as (
              insert into candidate (job_id, attempt, prediction_id, created_at)
              select job_id, attempt, prediction_id, created_at
              from found
              on conflict do nothing
            )
            insert into lookout (prediction_id, model, reason, made_at)
            select f.prediction_id, f.model, 'unassigned', coalesce(f.created_at, now())
            from found f
            where not exists (select 1 from attempt a where a.prediction_id = f.prediction_id)
            order by f.prediction_id
            on conflict (prediction_id) do nothing
            """;

    private static final String SPEND = """
            insert into allowance_day as d (day, used_usd)
            select (now() at time zone 'utc')::date, ?
            where ? <= ?
            on conflict (day) do update
            set used_usd = d.used_usd + excluded.used_usd
            where d.used_usd + excluded.used_usd <= ?
            """;

    private final Database database;

    ReconcileStore(Database database) {
        this.database = database;
    }

    /**
     * A submit under way, or one whose outcome nobody knows.
     *
     * @param input JSON text as it was asked for
     * @param claimedAt by the database's clock; its POST began, if at all, within the submit window from then
     * @param readAt the database's time of this reading
     * @param createdAt when the job was admitted
     */
    public record OpenSubmit(
            UUID jobId,
            long fence,
            JobStatus status,
            int attempt,
            int maxAttempts,
            String model,
            Instant claimedAt,
            BigDecimal reservedUsd,
            String input,
            Instant readAt,
            Instant createdAt) {}

    /** The oldest uncertain ones. */
    public List<OpenSubmit> uncertain(int most) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, UNCERTAIN)) {
                return bind.integer(most).rows(ReconcileStore::open);
            }
        });
    }

    /** All of a model that have no outcome yet, under way or uncertain. */
    public List<OpenSubmit> open(String model) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, OPEN_OF_MODEL)) {
                return bind.text(model).rows(ReconcileStore::open);
            }
        });
    }

    /** Those of the jobs' submits that are uncertain or held as uncertain. */
    static List<OpenSubmit> doubtful(Connection connection, Collection<UUID> jobIds) throws SQLException {
        try (Bind bind = Bind.of(connection, DOUBTFUL)) {
            return bind.array("uuid", jobIds, id -> id).rows(ReconcileStore::open);
        }
    }

    /** Those of the predictions that an attempt of ours has, with the input of its job. */
    public Map<String, String> known(Collection<String> predictionIds) {
        return database.inTransaction(connection -> known(connection, predictionIds));
    }

    static Map<String, String> known(Connection connection, Collection<String> predictionIds) throws SQLException {
        try (Bind bind = Bind.of(connection, KNOWN)) {
            Map<String, String> inputs = new HashMap<>();
            bind.array("text", predictionIds, id -> id)
                    .rows(row -> inputs.put(row.getString("prediction_id"), row.getString("input")));
            return inputs;
        }
    }

    /** The clips that lie, or once lay, at these addresses of the provider: hash by address. */
    public Map<String, String> clips(Collection<String> urls) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, "select url, sha256 from media_address where url = any (?::text[])")) {
                Map<String, String> clips = new HashMap<>();
                bind.array("text", urls, url -> url)
                        .rows(row -> clips.put(row.getString("url"), row.getString("sha256")));
                return clips;
            }
        });
    }

    /** Remembers what an uncertain attempt may have made, and has it looked at: the provider forgets it after 7 days. */
    public void note(UUID jobId, int attempt, Map<String, Instant> candidates) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, NOTE)) {
                return bind.integer(attempt)
                        .array("text", candidates.entrySet(), Map.Entry::getKey)
                        .array(
                                "timestamptz",
                                candidates.entrySet(),
                                found -> found.getValue().equals(Instant.EPOCH)
                                        ? null
                                        : found.getValue().toString())
                        .uuid(jobId)
                        .update();
            }
        });
    }

    /** Takes this much of the day's allowance; false when it would exceed it. */
    public boolean spend(BigDecimal usd, BigDecimal allowance) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, SPEND)) {
                return bind.usd(usd).usd(usd).usd(allowance).usd(allowance).update() == 1;
            }
        });
    }

    /** Gives back what was taken of today's allowance for a repetition that was not to be. */
    public void giveBack(BigDecimal usd) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(
                    connection,
                    "update allowance_day set used_usd = greatest(used_usd - ?, 0) where day = (now() at time zone 'utc')::date")) {
                return bind.usd(usd).update();
            }
        });
    }

    private static OpenSubmit open(ResultSet row) throws SQLException {
        return new OpenSubmit(
                Bind.uuid(row, "id"),
                row.getLong("fence"),
                JobStatus.of(row.getString("status")),
                row.getInt("attempt"),
                row.getInt("max_attempts"),
                row.getString("model"),
                time(row, "claimed_at"),
                row.getBigDecimal("reserved_usd"),
                row.getString("input"),
                time(row, "read_at"),
                time(row, "created_at"));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        @Nullable Instant time = Bind.time(row, column);
        if (time == null) {
            throw new SQLException("column " + column + " is null");
        }
        return time;
    }
}
