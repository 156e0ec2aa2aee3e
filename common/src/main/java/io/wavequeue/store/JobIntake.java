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
              insert into job_payload (job_id, input, labels, model, reference)
              select a.id, a.input, a.labels::jsonb, a.model, a.reference
              from asked a
              join added d on d.id = a.id
            )
            select id from added
            """;

    private final Database database;

    JobIntake(Database database) {
        this.database = database;
    }

    /** Writes the jobs whose ids are not there yet, and returns those ids. */
    public Set<UUID> enqueue(List<NewJob> jobs) {
        return database.inTransaction(connection -> insert(connection, jobs));
    }

    /** What the key made before; empty when it is new. */
    public Optional<Idempotency.Result> find(Idempotency.Key key) {
        return database.inTransaction(connection -> Idempotency.earlier(connection, key));
    }

    /**
     * Writes the job unless the key was used before.
     *
     * @param key null = every call makes a job
     * @param answer builds the answer from the row's created_at; kept with the key
     */
    public Idempotency.Result enqueue(
            NewJob job, Idempotency.@Nullable Key key, Function<Instant, Idempotency.Answer> answer) {
        return database.inTransaction(
                connection -> Idempotency.once(connection, key, Idempotency.Thing.JOB, job.id(), () -> {
                    insert(connection, List.of(job));
                    return answer.apply(transactionTime(connection));
                }));
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
}
