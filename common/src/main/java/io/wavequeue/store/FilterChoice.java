package io.wavequeue.store;

import io.wavequeue.job.BulkKind;
import io.wavequeue.store.view.JobFilter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** Chooses jobs by the filter of the list. */
record FilterChoice(BulkKind kind, JobFilter filter) implements BulkChoice {
    /** In id order, as whoever locks several jobs: each item holds its job's key until the transaction ends. */
    private static final String CHOOSE = """
            insert into resolution_item (resolution_id, job_id, attempt, replays, error_class, model, estimated_usd)
            select ?, j.id, j.attempt, j.replays, j.error_class, j.model, 0
            from %s f
            join job j on %s
            join job_payload p on p.job_id = j.id
            where %s
            order by j.id
            """;

    /** What failed, unless states or jobs are named: of a job that is named it is told why it cannot go. */
    private static final String REPLAYABLE =
            "(j.status = 'failed' or cardinality(f.statuses) > 0 or cardinality(f.ids) > 0)";

    private static final String DOUBTFUL = """
            (j.status = 'uncertain'
                    or (j.status = 'held' and j.hold_reason = 'uncertain_submission' and not j.held_by_batch)
                    or cardinality(f.ids) > 0)""";

    private static final String LIVE =
            "(j.settled_at is null or cardinality(f.statuses) > 0 or cardinality(f.ids) > 0)";

    private static final String HELD = "(j.status = 'held' or cardinality(f.ids) > 0)";

    @Override
    public void choose(Connection connection, UUID operation) throws SQLException {
        FilterNames.check(connection, filter);
        try (Bind bind = Bind.of(connection, sql(kind))) {
            FilterSql.bind(bind.uuid(operation), filter).update();
        }
    }

    static String sql(BulkKind kind) {
        return CHOOSE.formatted(FilterSql.GIVEN, concerned(kind), FilterSql.MATCHES);
    }

    private static String concerned(BulkKind kind) {
        return switch (kind) {
            case REPLAY -> REPLAYABLE;
            case RESOLUTION -> DOUBTFUL;
            case CANCELLATION, HOLD -> LIVE;
            case RELEASE -> HELD;
        };
    }
}
