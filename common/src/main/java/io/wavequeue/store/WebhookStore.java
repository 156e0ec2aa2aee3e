package io.wavequeue.store;

import io.wavequeue.job.AttemptStatus;
import io.wavequeue.job.JobStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What webhooks told of submits. It changes no job: {@link JobTransitions} does, once somebody has judged. */
@ApplicationScoped
public class WebhookStore {
    private static final String TELL = """
            with known as (
              select job_id, number, prediction_id
              from attempt
              where webhook_token = ?
            ), kept as (
              insert into webhook_evidence (token, prediction_id, job_id, attempt)
              select ?, ?, job_id, number
              from known
              where prediction_id is distinct from ?
              on conflict do nothing
              returning token
            )
            select (select count(*) from known) as known, (select count(*) from kept) as kept
            """;

    /** Of a submit under way nothing is said yet: its answer may still come. */
    private static final String OPEN = """
            select e.token, e.prediction_id, e.job_id, e.attempt, j.status, j.fence, a.status as attempt_status,
                   a.prediction_id as attempt_prediction_id, o.job_id is not null as is_another_attempts
            from webhook_evidence e
            join job j on j.id = e.job_id
            left join attempt a on a.webhook_token = e.token
            left join attempt o on o.prediction_id = e.prediction_id and o.webhook_token is distinct from e.token
            where e.judged_at is null
              and a.status is distinct from 'submitting'
            order by e.received_at, e.prediction_id
            limit ?
            """;

    private static final String FORGET = """
            delete from webhook_evidence e
            using unnest(?::uuid[], ?::text[]) as f(token, prediction_id)
            where e.token = f.token
              and e.prediction_id = f.prediction_id
            """;

    private static final String CONTRADICT = """
            with judged as (
              update webhook_evidence
              set judged_at = now()
              where token = ?
                and prediction_id = ?
                and judged_at is null
              returning job_id, attempt, prediction_id, received_at
            ), noted as (
              insert into candidate (job_id, attempt, prediction_id)
              select g.job_id, g.attempt, g.prediction_id
              from judged g
              join attempt a on a.job_id = g.job_id and a.number = g.attempt
              on conflict do nothing
            ), looked_at as (
              insert into lookout (prediction_id, model, reason, made_at)
              select g.prediction_id, j.model, 'unassigned', g.received_at
              from judged g
              join job j on j.id = g.job_id
              where not exists (select 1 from attempt a where a.prediction_id = g.prediction_id)
              on conflict do nothing
            )
            select count(*) from judged
            """;

    private final Database database;

    WebhookStore(Database database) {
        this.database = database;
    }

    /** What became of a webhook. */
    public enum Telling {
        /** It told something that the attempt does not say, and is kept until somebody has judged. */
        KEPT,
        /** It told what is known. */
        KNOWN,
        /** No attempt has the token. */
        UNKNOWN_TOKEN
    }

    /**
     * A prediction that a webhook told of, and the attempt whose token it named.
     *
     * @param attemptStatus null when the attempt was removed, since its submit was refused for now or not sent
     * @param isAnotherAttempts whether another attempt has the prediction
     */
    public record Evidence(
            UUID token,
            String predictionId,
            UUID jobId,
            int attempt,
            JobStatus jobStatus,
            long fence,
            @Nullable AttemptStatus attemptStatus,
            @Nullable String attemptPredictionId,
            boolean isAnotherAttempts) {}

    /** Keeps what a webhook told. It is committed when this returns. */
    public Telling tell(UUID token, String predictionId) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, TELL)) {
                return bind.uuid(token)
                        .uuid(token)
                        .text(predictionId)
                        .text(predictionId)
                        .row(WebhookStore::telling);
            }
        });
    }

    private static Telling telling(ResultSet row) throws SQLException {
        if (row.getInt("known") == 0) {
            return Telling.UNKNOWN_TOKEN;
        }
        return row.getInt("kept") == 0 ? Telling.KNOWN : Telling.KEPT;
    }

    /** Those of the jobs of which a webhook told something that nobody has judged yet. */
    static Set<UUID> unjudged(Connection connection, Collection<UUID> jobs) throws SQLException {
        try (Bind bind = Bind.of(
                connection,
                "select distinct job_id from webhook_evidence where judged_at is null and job_id = any(?::uuid[])")) {
            return Set.copyOf(bind.array("uuid", jobs, job -> job).rows(row -> Bind.uuid(row, "job_id")));
        }
    }

    /** What nobody has judged yet, in the order in which it came. */
    public List<Evidence> open(int most) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, OPEN)) {
                return bind.integer(most).rows(WebhookStore::evidence);
            }
        });
    }

    private static Evidence evidence(ResultSet row) throws SQLException {
        @Nullable String attemptStatus = row.getString("attempt_status");
        return new Evidence(
                Bind.uuid(row, "token"),
                row.getString("prediction_id"),
                Bind.uuid(row, "job_id"),
                row.getInt("attempt"),
                JobStatus.of(row.getString("status")),
                row.getLong("fence"),
                attemptStatus == null ? null : AttemptStatus.of(attemptStatus),
                row.getString("attempt_prediction_id"),
                row.getBoolean("is_another_attempts"));
    }

    /** The attempts say the same by now. */
    public void forget(Collection<Evidence> agreeing) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, FORGET)) {
                return bind.array("uuid", agreeing, Evidence::token)
                        .array("text", agreeing, Evidence::predictionId)
                        .update();
            }
        });
    }

    /** Keeps it as the job's candidate. True for the first who says so. */
    public boolean contradict(Evidence evidence) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, CONTRADICT)) {
                return bind.uuid(evidence.token()).text(evidence.predictionId()).row(row -> row.getInt(1) == 1);
            }
        });
    }
}
