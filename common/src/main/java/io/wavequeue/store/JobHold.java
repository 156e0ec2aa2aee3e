package io.wavequeue.store;

import io.wavequeue.job.HoldReason;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;

/**
 * A queued job that is to wait.
 *
 * @param byBatch for its batch: nothing that the account does lets it go
 */
record JobHold(UUID jobId, HoldReason reason, String message, boolean byBatch) {
    /** Those that are not queued, and those that somebody else is changing, are left as they are. */
    static final String WRITE = """
            with queued as (
              select j.id, h.reason, h.error_class, h.message, h.by_batch
              from unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::boolean[])
                as h(id, reason, error_class, message, by_batch)
              join job j on j.id = h.id
              where j.dispatch_at is not null
              order by j.id
              for no key update of j skip locked
            )
            update job j
            set status = 'held', hold_reason = q.reason, held_by_batch = q.by_batch, dispatch_at = null, sends = 0,
                version = j.version + 1, updated_at = now(),
                error_class = q.error_class, error_message = q.message, error_retryable = true
            from queued q
            where j.id = q.id
            """;

    /** Returns how many were changed. */
    static int write(Connection connection, Collection<JobHold> holds) throws SQLException {
        if (holds.isEmpty()) {
            return 0;
        }
        try (Bind bind = Bind.of(connection, WRITE)) {
            return bind.array("uuid", holds, JobHold::jobId)
                    .array("text", holds, hold -> hold.reason().code())
                    .array("text", holds, hold -> hold.reason().errorClass().code())
                    .array("text", holds, JobHold::message)
                    .array("boolean", holds, JobHold::byBatch)
                    .update();
        }
    }
}
