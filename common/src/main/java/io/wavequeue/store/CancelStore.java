package io.wavequeue.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** A person stops a job, or a batch. */
@ApplicationScoped
public class CancelStore {
    /**
     * What nobody has paid for ends at once; an attempt that is under way is paid, so it is followed to its end. What a held job
     * waited for is nothing that it ended of.
     */
    private static final String CANCEL = """
            with wanted as (
              select id, status, cancel_requested
              from job
              where id = any(?::uuid[])
              order by id
              for no key update %s
            ), plan as (
              select w.id, w.status = 'held' as is_held,
                     w.status = 'queued'
                       or (w.status = 'held' and not exists (select 1 from attempt a
                                                             where a.job_id = w.id
                                                               and a.status = 'uncertain')) as ends
              from wanted w
              where w.status not in ('succeeded', 'failed', 'cancelled')
                and not w.cancel_requested
            ), changed as (
              update job j
              set cancel_requested = true,
                  status = case when p.ends then 'cancelled' else j.status end,
                  hold_reason = case when p.ends then null else j.hold_reason end,
                  held_by_batch = j.held_by_batch and not p.ends,
                  held_by_person = j.held_by_person and not p.ends,
                  error_class = case when p.ends and p.is_held then null else j.error_class end,
                  error_message = case when p.ends and p.is_held then null else j.error_message end,
                  error_retryable = case when p.ends and p.is_held then null else j.error_retryable end,
                  dispatch_at = null,
                  sends = 0,
                  settled_at = case when p.ends then now() end,
                  version = j.version + 1,
                  updated_at = now()
              from plan p
              where j.id = p.id
              returning j.id, j.status
            )
            select coalesce(c.status, w.status) as status, w.status as before, c.id is not null as changed
            from wanted w
            left join changed c on c.id = w.id
            """;

    private static final String ONE = CANCEL.formatted("");

    private static final String MANY = CANCEL.formatted("skip locked");

    private final Database database;

    CancelStore(Database database) {
        this.database = database;
    }

    /** What became of the wish. */
    public enum CancelResult {
        /** It was waiting, and will never be submitted. */
        CANCELLED,
        /** An attempt is paid or may be: the job becomes cancelled, with its result, when that ends. */
        REQUESTED,
        /** It was wished before, or it has ended: nothing changes. */
        TOO_LATE,
        /** There is no such job. */
        UNKNOWN
    }

    public CancelResult cancel(UUID jobId) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, ONE)) {
                return bind
                        .array("uuid", List.of(jobId), id -> id)
                        .rows(row ->
                                result(row.getString("status"), row.getString("before"), row.getBoolean("changed")))
                        .stream()
                        .findFirst()
                        .orElse(CancelResult.UNKNOWN);
            }
        });
    }

    /** The same for each of the jobs that nobody else is changing. Returns how many were changed. */
    static int cancel(Connection connection, Collection<UUID> jobIds) throws SQLException {
        try (Bind bind = Bind.of(connection, MANY)) {
            List<Boolean> changed = bind.array("uuid", jobIds, id -> id).rows(row -> row.getBoolean("changed"));
            return Collections.frequency(changed, true);
        }
    }

    private static CancelResult result(String status, String before, boolean changed) {
        if (!changed) {
            return switch (before) {
                case "submitting", "running", "uncertain", "held" -> CancelResult.REQUESTED;
                default -> CancelResult.TOO_LATE;
            };
        }
        return status.equals("cancelled") ? CancelResult.CANCELLED : CancelResult.REQUESTED;
    }
}
