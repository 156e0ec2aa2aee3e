package io.wavequeue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * Chooses what keeps a batch from being complete: what failed, was cancelled or is held, what is in doubt, and what lost an
 * output. A person who wants the batch whole wants it to go on: its own pause or cancel ends here, and so do wishes to cancel
 * jobs that are under way. Neither its budget nor anything of the account is touched.
 */
record MissingChoice(UUID batchId) implements BulkChoice {
    private static final String REOPEN = """
            update batch
            set stop = null, follow_at = now()
            where id = ?
              and stop is not null
            """;

    private static final String UNWISH = """
            with wished as (
              select id
              from job
              where batch_id = ?
                and cancel_requested
                and settled_at is null
              order by id
              for update
            )
            update job j
            set cancel_requested = false, version = j.version + 1, updated_at = now()
            from wished w
            where j.id = w.id
            """;

    /** What is held for the batch's own pause goes on by that, and is on its way. */
    private static final String CHOOSE = """
            insert into resolution_item (resolution_id, job_id, attempt, replays, error_class, model, estimated_usd)
            select ?, j.id, j.attempt, j.replays, j.error_class, j.model, 0
            from job j
            where j.batch_id = ?
              and (j.status in ('failed', 'cancelled', 'uncertain')
                   or (j.status = 'held'
                       and (j.held_by_person or not (j.held_by_batch and j.hold_reason = 'paused')))
                   or (j.status = 'succeeded'
                       and exists (select 1 from output o where o.job_id = j.id and o.lost_at is not null)))
            """;

    @Override
    public void choose(Connection connection, UUID operation) throws SQLException {
        BatchFollowStore.await(connection);
        int reopened = run(connection, REOPEN);
        if (reopened > 0) {
            run(connection, UNWISH);
        }
        try (Bind bind = Bind.of(connection, CHOOSE)) {
            bind.uuid(operation).uuid(batchId).update();
        }
    }

    private int run(Connection connection, String sql) throws SQLException {
        try (Bind bind = Bind.of(connection, sql)) {
            return bind.uuid(batchId).update();
        }
    }
}
