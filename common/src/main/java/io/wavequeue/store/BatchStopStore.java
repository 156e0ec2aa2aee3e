package io.wavequeue.store;

import io.wavequeue.job.BatchStop;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person stops a batch, lets it go on, or says what it may cost. One row is changed, under a lock that claims take too: what is
 * claimed after the answer obeys it. {@link BatchFollowStore} has the jobs' rows follow.
 */
@ApplicationScoped
public class BatchStopStore {
    private static final String LOCK = "select stop from batch where id = ? for update";

    private static final String IS_LIVE =
            "select exists (select 1 from job where batch_id = ? and settled_at is null) as live";

    private static final String STOP = "update batch set stop = ?, follow_at = now() where id = ?";

    private static final String BUDGET = "update batch set budget_usd = ?, follow_at = now() where id = ?";

    private final Database database;

    BatchStopStore(Database database) {
        this.database = database;
    }

    /** What became of a wish to pause a batch, to resume or to cancel it. */
    public enum StopResult {
        /** It is as wished from now on. */
        CHANGED,
        /** It was so before. */
        UNCHANGED,
        /** Its jobs have all ended, or it was cancelled: nothing changes. */
        ENDED,
        /** There is no such batch. */
        UNKNOWN
    }

    private record Stop(@Nullable BatchStop now) {}

    /** @param wish null = it is to go on */
    public StopResult change(UUID id, @Nullable BatchStop wish) {
        return database.inTransaction(connection -> {
            Optional<Stop> stop = lock(connection, id);
            if (stop.isEmpty()) {
                return StopResult.UNKNOWN;
            }
            BatchStop now = stop.get().now();
            if (now == BatchStop.CANCELLED) {
                return wish == now ? StopResult.UNCHANGED : StopResult.ENDED;
            }
            if (!isLive(connection, id)) {
                return StopResult.ENDED;
            }
            if (wish == now) {
                return StopResult.UNCHANGED;
            }
            try (Bind bind = Bind.of(connection, STOP)) {
                bind.text(wish == null ? null : wish.code()).uuid(id).update();
            }
            return StopResult.CHANGED;
        });
    }

    /**
     * Says what the batch may cost; what was held for its budget goes on as far as that allows.
     *
     * @param usd above 0; null = no limit
     * @return false when there is no such batch
     */
    public boolean budget(UUID id, @Nullable BigDecimal usd) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, BUDGET)) {
                return bind.usd(usd).uuid(id).update() == 1;
            }
        });
    }

    private static Optional<Stop> lock(Connection connection, UUID id) throws SQLException {
        try (Bind bind = Bind.of(connection, LOCK)) {
            return bind.uuid(id).rows(row -> new Stop(BatchRows.stop(row))).stream()
                    .findFirst();
        }
    }

    private static boolean isLive(Connection connection, UUID id) throws SQLException {
        try (Bind bind = Bind.of(connection, IS_LIVE)) {
            return bind.uuid(id).row(row -> row.getBoolean("live"));
        }
    }
}
