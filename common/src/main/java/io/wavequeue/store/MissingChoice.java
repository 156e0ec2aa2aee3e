package io.wavequeue.store;

import io.wavequeue.store.view.JobFilter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what keeps a batch from being complete: what failed, was cancelled or is held, what is in doubt, what lost an output,
 * and, when the batch is stopped, what that keeps from going. A person who wants the batch whole wants it to go on: its own
 * pause or cancel ends here, and so do wishes to cancel jobs that are under way. Neither its budget nor anything of the account
 * is touched. What somebody stops or cancels after the choice stays so: an object is for one operation.
 */
final class MissingChoice implements BulkChoice {
    /** What waits for nothing but that its batch, which is stopped, goes on. */
    private static final String WAITS_FOR_BATCH = """
            (j.status = 'queued'
                          or (j.status = 'held' and j.held_by_batch and j.hold_reason = 'paused' and not j.held_by_person))""";

    private static final String CHOOSE = """
            insert into resolution_item (resolution_id, job_id, attempt, replays, error_class, model, estimated_usd, live, resumed)
            select ?, j.id, j.attempt, j.replays, j.error_class, j.model, 0,
                   j.settled_at is null and b.stop is distinct from 'cancelled',
                   b.stop is not null
                     and %s
            from job j
            left join batch b on b.id = j.batch_id
            where j.batch_id = ?
              and (j.status in ('failed', 'cancelled', 'uncertain', 'held')
                   or (j.status = 'queued' and b.stop is not null)
                   or (j.status = 'succeeded'
                       and exists (select 1
                                   from output o
                                   where o.job_id = j.id
                                     and o.number < %d
                                     and o.lost_at is not null)))
            order by j.id
            """.formatted(WAITS_FOR_BATCH, LookoutStore.LATE_FROM);

    private static final String STOP = "select (select stop from batch where id = ?) as stop";

    private static final String WISHED = """
            select id
            from job
            where batch_id = ?
              and cancel_requested
              and settled_at is null
            """;

    private static final String UNWISH = """
            with wished as (
              select id
              from job
              where id = any(?::uuid[])
                and cancel_requested
                and settled_at is null
              order by id
              for no key update
            )
            update job j
            set cancel_requested = false, version = j.version + 1, updated_at = now()
            from wished w
            where j.id = w.id
            """;

    private static final String REOPEN = """
            update batch
            set stop = null, follow_at = now()
            where id = ?
              and stop = ?
            """;

    private static final String KEEP = """
            update resolution_item
            set done_at = null
            where resolution_id = ?
              and resumed
              and done_at is not null
            """;

    /** What is cancelled from here on was cancelled by somebody who knew what he cancelled; until here the batch's own cancel may do that. */
    private static final String NOTE_LIVE = """
            update resolution_item i
            set live = true
            from job j
            where i.resolution_id = ?
              and j.id = i.job_id
              and j.status not in ('succeeded', 'failed', 'cancelled')
            """;

    /** What waited for its batch alone goes on from here, whatever the rate: it has had its turn, before anybody can abort it. */
    private static final String LET_GO = """
            update resolution_item i
            set done_at = now()
            where i.resolution_id = ?
              and i.resumed
              and (select %s
                   from job j
                   where j.id = i.job_id)
            """.formatted(WAITS_FOR_BATCH);

    private final UUID batchId;
    private @Nullable String stop;
    private boolean isAsChosen;
    private List<UUID> wished = List.of();

    MissingChoice(UUID batchId) {
        this.batchId = batchId;
    }

    @Override
    public void choose(Connection connection, UUID operation) throws SQLException {
        FilterNames.check(connection, JobFilter.builder().batchId(batchId).build());
        stop = stop(connection);
        try (Bind bind = Bind.of(connection, WISHED)) {
            wished = bind.uuid(batchId).rows(row -> Bind.uuid(row, "id"));
        }
        try (Bind bind = Bind.of(connection, CHOOSE)) {
            bind.uuid(operation).uuid(batchId).update();
        }
    }

    /**
     * What was made to follow the stop until now is cancelled, and replayed when its turn comes. A batch that was stopped otherwise
     * meanwhile stays so, and its jobs with it.
     */
    @Override
    public void prepare(Connection connection, UUID operation) throws SQLException {
        BatchFollowStore.await(connection);
        try (Bind bind = Bind.of(connection, NOTE_LIVE)) {
            bind.uuid(operation).update();
        }
        isAsChosen = Objects.equals(stop, stop(connection));
        if (!isAsChosen) {
            return;
        }
        try (Bind bind = Bind.of(connection, UNWISH)) {
            bind.array("uuid", wished, id -> id).update();
        }
        try (Bind bind = Bind.of(connection, LET_GO)) {
            bind.uuid(operation).update();
        }
    }

    /** Its jobs were locked before it, as whoever settles locks them; and claims wait for the batch's row. */
    @Override
    public boolean finish(Connection connection, UUID operation) throws SQLException {
        if (stop == null || !isAsChosen) {
            return true;
        }
        try (Bind bind = Bind.of(connection, REOPEN)) {
            if (bind.uuid(batchId).text(stop).update() == 1 || stop(connection) == null) {
                return true;
            }
        }
        try (Bind bind = Bind.of(connection, KEEP)) {
            bind.uuid(operation).update();
        }
        return false;
    }

    private @Nullable String stop(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, STOP)) {
            return bind.uuid(batchId).row(row -> row.getString("stop"));
        }
    }
}
