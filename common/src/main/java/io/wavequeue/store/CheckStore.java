package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Archived files that somebody is to look at.
 *
 * <p>Whoever takes one moves its next look on first, so a worker that dies meanwhile loses nothing. No state of a job
 * depends on what is found.
 */
@ApplicationScoped
public class CheckStore {
    /** What belongs to an output is read by its key, however many are due (ADR 0013). */
    private static final String TAKE = """
            with due as (
              select o.id
              from output o
              where o.check_at <= now()
              order by o.check_at
              limit ?
              for update skip locked
            ), taken as (
              update output o
              set check_at = now() + make_interval(secs => ?), held_by = ?
              from due d
              where o.id = d.id
              returning o.id, o.job_id, o.attempt, o.prediction_id, o.file, o.content_type, o.bytes, o.sha256, o.archived_at
            )
            select t.id, t.job_id, t.attempt, coalesce(t.prediction_id, a.prediction_id) as prediction_id, t.file,
                   t.content_type, t.bytes, t.sha256, t.archived_at, j.model, j.reference, j.batch_id, j.created_at,
                   j.estimated_usd, p.input, p.labels, a.submitted_at, a.completed_at, a.charged_usd, a.refunded_usd
            from taken t
            left join lateral (select * from job where id = t.job_id limit 1) j on true
            left join lateral (select * from job_payload where job_id = t.job_id limit 1) p on true
            left join lateral (select * from attempt where job_id = t.job_id and number = t.attempt limit 1) a on true
            """;

    /** A file that was archived anew since is not the one that was looked at. */
    static final String CHECKED = """
            update output o
            set audio = c.audio::json, check_at = null, held_by = null
            from unnest(?::bigint[], ?::text[], ?::text[]) as c(output_id, sha256, audio)
            where o.id = c.output_id
              and o.sha256 = c.sha256
              and o.archived_at is not null
            """;

    private final Database database;

    CheckStore(Database database) {
        this.database = database;
    }

    /**
     * An archived file to look at.
     *
     * @param file path below the folder of outputs
     * @param predictionId null = the row of its attempt is gone
     * @param origin the job that it was made for; null = no job's
     */
    public record DueCheck(
            long outputId,
            String file,
            @Nullable String contentType,
            long bytes,
            String sha256,
            Instant archivedAt,
            @Nullable String predictionId,
            @Nullable Origin origin) {
        @Override
        public String toString() {
            return origin == null ? "prediction " + predictionId + ", " + file : "job " + origin.jobId() + ", " + file;
        }
    }

    /**
     * What was asked for, and what it cost.
     *
     * @param labels JSON text of an object of strings
     * @param input JSON text exactly as it was asked for
     * @param attempt the number of the attempt that made it
     * @param submittedAt of that attempt, as are the following
     * @param chargedUsd null = not known
     * @param refundedUsd null = none seen
     */
    public record Origin(
            UUID jobId,
            @Nullable String reference,
            @Nullable UUID batchId,
            String model,
            String labels,
            String input,
            Instant createdAt,
            @Nullable BigDecimal estimatedUsd,
            int attempt,
            @Nullable Instant submittedAt,
            @Nullable Instant completedAt,
            @Nullable BigDecimal chargedUsd,
            @Nullable BigDecimal refundedUsd) {}

    /**
     * A file that was looked at.
     *
     * @param audio JSON text of what it was found to be; null = nobody asked
     */
    public record Checked(DueCheck file, @Nullable String audio) {}

    /** Takes at most {@code most} files that are due, the oldest first; nobody else sees them before the lease is over, or the worker has ended. */
    public List<DueCheck> take(UUID worker, int most, Duration lease) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, TAKE)) {
                return bind.integer(most).seconds(lease).uuid(worker).rows(CheckStore::due);
            }
        });
    }

    /** Writes down what the files were found to be. */
    public void checked(List<Checked> files) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, CHECKED)) {
                return bind.array("bigint", files, checked -> checked.file().outputId())
                        .array("text", files, checked -> checked.file().sha256())
                        .array("text", files, Checked::audio)
                        .update();
            }
        });
    }

    private static DueCheck due(ResultSet row) throws SQLException {
        return new DueCheck(
                row.getLong("id"),
                row.getString("file"),
                row.getString("content_type"),
                row.getLong("bytes"),
                row.getString("sha256"),
                Bind.instant(row, "archived_at"),
                row.getString("prediction_id"),
                origin(row));
    }

    /** A job whose request was removed by hand counts as none. */
    private static @Nullable Origin origin(ResultSet row) throws SQLException {
        @Nullable UUID job = row.getObject("job_id", UUID.class);
        @Nullable String input = row.getString("input");
        if (job == null || input == null) {
            return null;
        }
        return new Origin(
                job,
                row.getString("reference"),
                row.getObject("batch_id", UUID.class),
                row.getString("model"),
                row.getString("labels"),
                input,
                Bind.instant(row, "created_at"),
                row.getBigDecimal("estimated_usd"),
                row.getInt("attempt"),
                Bind.time(row, "submitted_at"),
                Bind.time(row, "completed_at"),
                row.getBigDecimal("charged_usd"),
                row.getBigDecimal("refunded_usd"));
    }
}
