package io.wavequeue.store;

import io.wavequeue.catalogue.FieldError;
import io.wavequeue.store.view.JobFilter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a filter names has to be there: who mistypes an id would be told that all went well, with nothing done. */
final class FilterNames {
    private static final int MOST_SHOWN = 10;

    private static final String UNKNOWN_JOBS = """
            select g.id
            from unnest(?::uuid[]) with ordinality as g(id, number)
            left join lateral (select true as here from job where id = g.id limit 1) j on true
            where j.here is null
            order by g.number
            """;

    private static final String HAS_BATCH = """
            select exists (select 1 from batch where id = ?) or exists (select 1 from job where batch_id = ?)
            """;

    /** Its record may be gone sooner than its jobs. */
    private static final String HAS_REPLAY = """
            select exists (select 1 from resolution where id = ? and kind = 'replay')
                   or exists (select 1 from job_replay where resolution_id = ?)
            """;

    private FilterNames() {}

    /** @throws UnknownNamesException when anything that it names is not there */
    static void check(Connection connection, JobFilter filter) throws SQLException {
        List<FieldError> errors = new ArrayList<>();
        List<UUID> jobs = unknownJobs(connection, filter.ids());
        if (!jobs.isEmpty()) {
            errors.add(new FieldError("id", "there is no job " + shown(jobs)));
        }
        if (!isThere(connection, HAS_BATCH, filter.batchId())) {
            errors.add(new FieldError("batch_id", "there is no batch " + filter.batchId()));
        }
        if (!isThere(connection, HAS_REPLAY, filter.replayId())) {
            errors.add(new FieldError("replay_id", "there is no replay " + filter.replayId()));
        }
        if (!errors.isEmpty()) {
            throw new UnknownNamesException(errors);
        }
    }

    private static List<UUID> unknownJobs(Connection connection, List<UUID> ids) throws SQLException {
        if (ids.isEmpty()) {
            return List.of();
        }
        try (Bind bind = Bind.of(connection, UNKNOWN_JOBS)) {
            return bind.array("uuid", ids, id -> id).rows(row -> Bind.uuid(row, "id"));
        }
    }

    private static boolean isThere(Connection connection, String sql, @Nullable UUID id) throws SQLException {
        if (id == null) {
            return true;
        }
        try (Bind bind = Bind.of(connection, sql)) {
            return bind.uuid(id).uuid(id).row(row -> row.getBoolean(1));
        }
    }

    private static String shown(List<UUID> ids) {
        String first = ids.stream().limit(MOST_SHOWN).map(UUID::toString).collect(Collectors.joining(", "));
        return ids.size() <= MOST_SHOWN ? first : "%s and %,d more".formatted(first, ids.size() - MOST_SHOWN);
    }
}
