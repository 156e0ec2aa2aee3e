package io.wavequeue.store;

import io.wavequeue.job.NewJob;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes new jobs, durable and due for dispatch, in one transaction with the Idempotency-Key that came with them.
 *
 * <p>Called by the API for requests and by the worker for records of other services.
 */
@ApplicationScoped
public class JobIntake {
    private static final String INSERT = """
            with asked as (
              select *
              from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::uuid[], ?::integer[], ?::numeric[], ?::numeric[],
                          ?::text[], ?::text[])
                as a(id, model, lane, reference, batch_id, max_attempts, estimated_usd, reserve_usd, input, labels)
            ), added as (
              insert into job (id, status, model, lane, reference, batch_id, max_attempts, estimated_usd, reserve_usd,
                               dispatch_at)
              select id, 'queued', model, lane, reference, batch_id, max_attempts, estimated_usd, reserve_usd, now()
              from asked
              on conflict (id) do nothing
              returning id
            ), payload_added as (
              insert into job_payload (job_id, input, labels)
              select a.id, a.input, a.labels::jsonb
              from asked a
              join added d on d.id = a.id
            )
            select id from added
            """;

    /** Waits for another transaction that is inserting the same key, so that a repeated call gets the first answer. */
    private static final String RESERVE_KEY = """
            insert into idempotency_key (scope, key, body_hash)
            values (?, ?, ?)
            on conflict (scope, key) do nothing
            """;

    private static final String READ_KEY =
            "select body_hash, status, location, answer from idempotency_key where scope = ? and key = ?";

    private static final String KEEP_ANSWER = """
            update idempotency_key
            set job_id = ?, status = ?, location = ?, answer = ?
            where scope = ?
              and key = ?
            """;

    private final Database database;

    JobIntake(Database database) {
        this.database = database;
    }

    /**
     * A caller's Idempotency-Key.
     *
     * @param scope the call it belongs to, for example {@code POST /v1/jobs}
     * @param bodyHash hash of the canonical body
     */
    public record IdempotencyKey(String scope, String key, String bodyHash) {}

    /** An answer to keep for a repeated call. */
    public record Answer(int status, String location, String body) {}

    /** What became of a keyed request. */
    public sealed interface KeyedResult {
        /** The job was written now. */
        record Made(Answer answer) implements KeyedResult {}

        /** The same request was answered before. */
        record Repeated(Answer first) implements KeyedResult {}

        /** The key was used with another body. */
        record OtherBody() implements KeyedResult {}
    }

    /** Writes the jobs whose ids are not there yet, and returns those ids. */
    public Set<UUID> enqueue(List<NewJob> jobs) {
        return database.inTransaction(connection -> insert(connection, jobs));
    }

    /** What the key made before; empty when it is new. */
    public Optional<KeyedResult> find(IdempotencyKey key) {
        return database.inTransaction(connection -> earlier(connection, key));
    }

    /**
     * Writes the job unless the key was used before.
     *
     * @param key null = every call makes a job
     * @param answer builds the answer from the row's created_at; kept with the key
     */
    public KeyedResult enqueue(NewJob job, @Nullable IdempotencyKey key, Function<Instant, Answer> answer) {
        return database.inTransaction(connection -> {
            if (key != null && !reserve(connection, key)) {
                return earlier(connection, key).orElseThrow();
            }
            insert(connection, List.of(job));
            Answer made = answer.apply(transactionTime(connection));
            if (key != null) {
                keep(connection, key, job.id(), made);
            }
            return new KeyedResult.Made(made);
        });
    }

    /** What {@code now()} is in this transaction, and so the row's created_at. */
    private static Instant transactionTime(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, "select now() as now")) {
            return bind.row(row -> Objects.requireNonNull(Bind.time(row, "now")));
        }
    }

    private static Set<UUID> insert(Connection connection, List<NewJob> jobs) throws SQLException {
        try (Bind bind = Bind.of(connection, INSERT)) {
            return new HashSet<>(bind.array("uuid", jobs, NewJob::id)
                    .array("text", jobs, NewJob::model)
                    .array("text", jobs, job -> job.lane().code())
                    .array("text", jobs, job -> job.tag().reference())
                    .array("uuid", jobs, job -> job.tag().batchId())
                    .array("integer", jobs, NewJob::maxAttempts)
                    .array("numeric", jobs, NewJob::estimatedUsd)
                    .array("numeric", jobs, NewJob::reserveUsd)
                    .array("text", jobs, NewJob::input)
                    .array("text", jobs, NewJob::labels)
                    .rows(row -> Bind.uuid(row, "id")));
        }
    }

    private static boolean reserve(Connection connection, IdempotencyKey key) throws SQLException {
        try (Bind bind = Bind.of(connection, RESERVE_KEY)) {
            return bind.text(key.scope()).text(key.key()).text(key.bodyHash()).update() == 1;
        }
    }

    private static Optional<KeyedResult> earlier(Connection connection, IdempotencyKey key) throws SQLException {
        try (Bind bind = Bind.of(connection, READ_KEY)) {
            return bind
                    .text(key.scope())
                    .text(key.key())
                    .<KeyedResult>rows(row -> row.getString("body_hash").equals(key.bodyHash())
                            ? new KeyedResult.Repeated(new Answer(
                                    row.getInt("status"), row.getString("location"), row.getString("answer")))
                            : new KeyedResult.OtherBody())
                    .stream()
                    .findFirst();
        }
    }

    private static void keep(Connection connection, IdempotencyKey key, @Nullable UUID jobId, Answer answer)
            throws SQLException {
        try (Bind bind = Bind.of(connection, KEEP_ANSWER)) {
            bind.uuid(jobId)
                    .integer(answer.status())
                    .text(answer.location())
                    .text(answer.body())
                    .text(key.scope())
                    .text(key.key())
                    .update();
        }
    }
}
