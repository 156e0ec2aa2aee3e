package io.wavequeue.store;

import io.wavequeue.store.view.JobFilter;
import java.sql.SQLException;

/** A {@link JobFilter} as a condition on {@code job j} and {@code job_payload p}. A filter's cursor is not looked at. */
final class FilterSql {
    /** To be joined as {@code f}; {@link #bind} binds it. */
    static final String GIVEN = """
            (select ?::uuid[] as ids, ?::text[] as statuses, ?::text as model, ?::uuid as batch_id, ?::text as error_class,
                    ?::text as fingerprint, ?::uuid as replay_id, ?::text as reference, ?::jsonb as labels,
                    ?::timestamptz as created_after, ?::timestamptz as created_before)""";

    /**
     * Without the labels: a condition on {@code job j} alone. Whether a replay had it go, again or on, is asked by key: how many jobs
     * a replay has, the planner does not know.
     */
    static final String MATCHES_JOB = """
            (cardinality(f.ids) = 0 or j.id = any(f.ids))
              and (cardinality(f.statuses) = 0 or j.status = any(f.statuses))
              and (f.model is null or j.model = f.model)
              and (f.batch_id is null or j.batch_id = f.batch_id)
              and (f.error_class is null or j.error_class = f.error_class)
              and (f.fingerprint is null
                   or (j.status = 'failed' and failure_fingerprint(j.error_class, j.model, j.error_message) = f.fingerprint))
              and (f.replay_id is null
                   or (select true from job_replay r where r.resolution_id = f.replay_id and r.job_id = j.id limit 1)
                   or (select true
                       from resolution_item i
                       join resolution o on o.id = i.resolution_id and o.kind = 'replay'
                       where i.resolution_id = f.replay_id
                         and i.job_id = j.id
                         and i.done_at is not null
                         and i.skip_reason is null
                       limit 1))
              and (f.reference is null or j.reference = f.reference)
              and (f.created_after is null or j.created_at > f.created_after)
              and (f.created_before is null or j.created_at < f.created_before)""";

    static final String MATCHES = MATCHES_JOB + """

              and p.labels @> f.labels""";

    /** For statements that need nothing else of the payload: without labels nobody looks at it. */
    static final String HAS_LABELS =
            "(f.labels = '{}' or exists (select 1 from job_payload p where p.job_id = j.id and p.labels @> f.labels))";

    private FilterSql() {}

    static Bind bind(Bind bind, JobFilter filter) throws SQLException {
        return bind.array("uuid", filter.ids(), id -> id)
                .array("text", filter.statuses(), status -> status)
                .text(filter.model())
                .uuid(filter.batchId())
                .text(filter.errorClass())
                .text(filter.fingerprint())
                .uuid(filter.replayId())
                .text(filter.reference())
                .text(filter.labelsJson())
                .time(filter.createdAfter())
                .time(filter.createdBefore());
    }
}
