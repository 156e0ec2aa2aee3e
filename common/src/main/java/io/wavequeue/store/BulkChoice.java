package io.wavequeue.store;

import io.wavequeue.job.BulkKind;
import io.wavequeue.store.view.JobFilter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** Chooses the jobs of a bulk operation: fills {@code resolution_item}, in the transaction that makes the operation. */
@FunctionalInterface
public interface BulkChoice {
    void choose(Connection connection, UUID operation) throws SQLException;

    /** What else has to change when the operation is made; never in a dry run. */
    default void prepare(Connection connection, UUID operation) throws SQLException {}

    /**
     * What others may have to wait for: last of all, when the answer is known; never in a dry run. False when it cannot be done any
     * more, so that what was told is told anew.
     */
    default boolean finish(Connection connection, UUID operation) throws SQLException {
        return true;
    }

    /**
     * The jobs that the filter lets through, of those that an operation of this kind can be about. Refused with an {@link
     * UnknownNamesException} when the filter names what is not there.
     */
    static BulkChoice of(BulkKind kind, JobFilter filter) {
        return new FilterChoice(kind, filter);
    }

    /** What keeps a batch from being complete. The batch is opened again when it was paused or cancelled. */
    static BulkChoice missing(UUID batchId) {
        return new MissingChoice(batchId);
    }
}
