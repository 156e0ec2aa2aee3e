package io.wavequeue.store;

import io.wavequeue.job.JobError;
import io.wavequeue.job.LookoutReason;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Paid predictions that no worker follows. {@link JobTransitions} and {@link ReconcileStore} add them in the transaction
 * that stops following, or that finds, them.
 *
 * <p>Whoever takes one moves its next look on first, so two workers do not look at the same, and one that dies while it
 * looks loses nothing. No state of a job is changed here.
 */
@ApplicationScoped
public class LookoutStore {
    /** The provider forgets a prediction and its outputs so long after it was made. */
    static final Duration KEPT = Duration.ofDays(7);

    /** Late outputs are numbered from here on, times their attempt: below are those of the job's result. */
    static final int LATE_FROM = 1_000;

    private static final String TAKE = """
            with due as (
              select prediction_id
              from lookout
              where ended_at is null
                and look_at <= now()
              order by look_at
              limit ?
              for update skip locked
            ), judged as (
              select l.prediction_id, a.job_id,
                     case when l.reason = 'unassigned' and a.job_id is not null then 'followed'
                          when l.made_at <= now() - make_interval(secs => ?) then 'expired'
                     end as outcome
              from due d
              join lookout l on l.prediction_id = d.prediction_id
              left join attempt a on a.prediction_id = d.prediction_id
            )
            update lookout l
            set looks = l.looks + case when j.outcome is null then 1 else 0 end,
                outcome = j.outcome,
                look_at = case when j.outcome is null then now() + make_interval(secs => ?) end,
                ended_at = case when j.outcome is not null then now() end
            from judged j
            where l.prediction_id = j.prediction_id
            returning l.prediction_id, l.reason, l.outcome, j.job_id
            """;

    private static final String OPEN = """
            update lookout
            set unknown_since = null
            where prediction_id = ?
              and unknown_since is not null
            """;

    private static final String UNKNOWN = """
            update lookout
            set unknown_since = coalesce(unknown_since, now()),
                outcome = case when unknown_since < now() - make_interval(secs => p.patience_s) then 'unknown' end,
                look_at = case when unknown_since < now() - make_interval(secs => p.patience_s) then null else look_at end,
                ended_at = case when unknown_since < now() - make_interval(secs => p.patience_s) then now() end
            from (select ?::float8 as patience_s) p
            where prediction_id = ?
              and ended_at is null
            returning ended_at is not null as ended
            """;

    private static final String FAILED = """
            update lookout
            set outcome = 'failed', look_at = null, ended_at = now(), inference_ms = ?, error_class = ?, error_message = ?
            where prediction_id = ?
              and ended_at is null
            """;

    /** An attempt that failed since we waited no longer has completed, after all; its job stays what it is. */
    private static final String COMPLETED = """
            with ended as (
              update lookout
              set outcome = 'completed', look_at = null, ended_at = now(), inference_ms = ?
              where prediction_id = ?
                and ended_at is null
              returning prediction_id, inference_ms
            ), late as (
              update attempt a
              set status = 'completed', completed_at = now(), inference_ms = coalesce(e.inference_ms, a.inference_ms)
              from ended e
              where a.prediction_id = e.prediction_id
                and a.status = 'failed'
              returning a.job_id, a.number
            )
            insert into output (prediction_id, job_id, attempt, number, url, archive_at)
            select e.prediction_id, l.job_id, l.number, coalesce(l.number, 0) * ? + u.place - 1, u.url, now()
            from ended e
            cross join unnest(?::text[]) with ordinality as u(url, place)
            left join late l on true
            on conflict do nothing
            """;

    private static final String FOUND = """
            select j.id, j.fence, l.inference_ms, array_agg(o.url order by o.number) as urls
            from lookout l
            join attempt a on a.prediction_id = l.prediction_id
                          and a.status = 'accepted'
                          and a.accepted_at < now() - make_interval(secs => ?)
            join job j on j.id = a.job_id
                      and j.attempt = a.number
                      and j.status = 'running'
            join output o on o.prediction_id = l.prediction_id
                         and o.job_id is null
            where l.reason = 'unassigned'
              and l.outcome = 'completed'
            group by j.id, l.prediction_id
            """;

    private static final String WAITING = """
            select reason, count(*)::int as waiting
            from lookout
            where ended_at is null
            group by reason
            """;

    private final Database database;

    LookoutStore(Database database) {
        this.database = database;
    }

    /**
     * A prediction whose turn it is.
     *
     * @param jobId the job that paid for it; null = not known
     * @param end what it came to without another look; empty = it is to be looked at
     */
    public record Due(
            String predictionId,
            LookoutReason reason,
            @Nullable UUID jobId,
            Optional<End> end) {}

    /** An end for which nobody has to look. */
    public enum End {
        /** An attempt has it now, and a worker follows it. */
        FOLLOWED,
        /** The provider has forgotten it. */
        EXPIRED
    }

    /** A running job whose prediction completed before it was the job's. */
    public record Found(
            UUID jobId,
            long fence,
            List<String> outputUrls,
            @Nullable Integer inferenceMs) {
        public Found {
            outputUrls = List.copyOf(outputUrls);
        }
    }

    /** Takes at most {@code most} whose turn it is; it is their turn again after {@code every}. */
    public List<Due> take(int most, Duration every) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, TAKE)) {
                return bind.integer(most).seconds(KEPT).seconds(every).rows(LookoutStore::due);
            }
        });
    }

    /** The provider has not ended it. */
    public void open(String predictionId) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, OPEN)) {
                return bind.text(predictionId).update();
            }
        });
    }

    /** The provider does not know it. True when that has been so for longer than the patience: it is given up. */
    public boolean unknown(String predictionId, Duration patience) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, UNKNOWN)) {
                return bind.seconds(patience).text(predictionId).rows(row -> row.getBoolean("ended")).stream()
                        .anyMatch(ended -> ended);
            }
        });
    }

    /** It ended without outputs. */
    public void failed(String predictionId, JobError error, @Nullable Integer inferenceMs) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, FAILED)) {
                return bind.integer(inferenceMs)
                        .text(error.errorClass().code())
                        .text(error.message())
                        .text(predictionId)
                        .update();
            }
        });
    }

    /** It ended with outputs, which are to be archived: for its job when it has one. Returns how many are new. */
    public int completed(String predictionId, List<String> outputUrls, @Nullable Integer inferenceMs) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, COMPLETED)) {
                return bind.integer(inferenceMs)
                        .text(predictionId)
                        .integer(LATE_FROM)
                        .array("text", outputUrls, url -> url)
                        .update();
            }
        });
    }

    /**
     * Jobs that run, though what their prediction made is known: it was found before it became theirs.
     *
     * @param patience so long the one that follows it may find that out from the provider
     */
    public List<Found> found(Duration patience) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, FOUND)) {
                return bind.seconds(patience).rows(LookoutStore::found);
            }
        });
    }

    /** How many are still to be looked at, by reason; every reason is there. */
    public Map<LookoutReason, Integer> waiting() {
        return database.inTransaction(LookoutStore::waiting);
    }

    private static Map<LookoutReason, Integer> waiting(Connection connection) throws SQLException {
        Map<LookoutReason, Integer> waiting = new EnumMap<>(LookoutReason.class);
        Arrays.stream(LookoutReason.values()).forEach(reason -> waiting.put(reason, 0));
        try (Bind bind = Bind.of(connection, WAITING)) {
            bind.rows(row -> waiting.put(LookoutReason.of(row.getString("reason")), row.getInt("waiting")));
        }
        return waiting;
    }

    private static Due due(ResultSet row) throws SQLException {
        @Nullable String outcome = row.getString("outcome");
        return new Due(
                row.getString("prediction_id"),
                LookoutReason.of(row.getString("reason")),
                row.getObject("job_id", UUID.class),
                outcome == null
                        ? Optional.empty()
                        : Optional.of(outcome.equals("followed") ? End.FOLLOWED : End.EXPIRED));
    }

    private static Found found(ResultSet row) throws SQLException {
        return new Found(
                Bind.uuid(row, "id"),
                row.getLong("fence"),
                Arrays.asList((String[]) row.getArray("urls").getArray()),
                row.getObject("inference_ms", Integer.class));
    }
}
