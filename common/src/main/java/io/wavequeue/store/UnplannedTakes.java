package io.wavequeue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What a library knows of a batch that was made for it without a plan. */
final class UnplannedTakes {
    /** Of several lines with one reference the first is kept: takes are told by one line. */
    private static final String RECORD_TAKES = """
            insert into take (library, reference, number, content_key, job_id, name, cue_name)
            select distinct on (reference, take) ?, reference, take, content_key, job_id, name, cue_name
            from asked
            where reference is not null
            order by reference, take, ordinal
            on conflict (library, reference, number) do update
            set content_key = excluded.content_key, job_id = excluded.job_id, name = coalesce(excluded.name, take.name),
                cue_name = coalesce(excluded.cue_name, take.cue_name), retakes = 0, decision = null, decided_at = null,
                updated_at = now()
            """;

    private UnplannedTakes() {}

    /**
     * Writes down whose takes a batch makes that was made without a plan: all that its file asks for. A
     * {@link ClashingTakesException} when two of them would have one file.
     */
    static void record(Connection connection, String library, JobSpool spool) throws SQLException {
        LibraryStore.lock(connection, library);
        List<TakeFault> faults = AskedTakes.of(connection, spool).sameNames(LibraryStore.MOST_FAULTS);
        if (!faults.isEmpty()) {
            throw new ClashingTakesException(faults);
        }
        LibraryStore.run(connection, RECORD_TAKES, library);
    }
}
