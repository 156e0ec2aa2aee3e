package io.wavequeue.store;

import io.wavequeue.job.BulkKind;
import io.wavequeue.job.SkipReason;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a kind of bulk operation does to jobs, and what it would do. */
interface BulkAction {
    /** The kinds that it carries out. */
    Set<BulkKind> kinds();

    /**
     * What would become of a job now.
     *
     * @param skip null = it would be done
     * @param estimatedUsd what that is expected to cost; null = unknown
     */
    record Outlook(@Nullable SkipReason skip, @Nullable BigDecimal estimatedUsd) {}

    /**
     * What would become of these jobs of the operation now; changes nothing. Those that are not in the answer would be done,
     * and cost nothing.
     */
    Map<UUID, Outlook> look(Connection connection, BulkOrder order, List<UUID> jobs) throws SQLException;

    /** Whether now is the time to do it to these jobs, whose rows the caller has locked. False = a moment later. */
    default boolean isTime(Connection connection, List<UUID> jobs) throws SQLException {
        return true;
    }

    /** An operation was made: what it needs later is kept. At the end of that transaction; never in a dry run. */
    default void made(Connection connection, BulkOrder order) throws SQLException {}

    /**
     * Does it to these jobs of the operation, whose rows the caller has locked in id order.
     *
     * @return every job: null = done, otherwise why it was left as it is
     */
    Map<UUID, @Nullable SkipReason> apply(Connection connection, BulkOrder order, List<UUID> jobs) throws SQLException;
}
