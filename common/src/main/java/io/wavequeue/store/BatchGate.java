package io.wavequeue.store;

import io.wavequeue.job.BatchBudget;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The batches from which a claim takes jobs, their rows locked until its commit: whoever stops one of them, or changes its
 * budget, waits for that, and every later claim knows of it.
 */
final class BatchGate {
    static final String LOCK = """
            select id, stop is not null as stopped, budget_usd, committed_usd
            from batch
            where id = any(?::uuid[])
            order by id
            for update
            """;

    private final Map<UUID, Entry> batches = new HashMap<>();
    private final Set<UUID> exhausted = new TreeSet<>();

    private BatchGate() {}

    private record Entry(boolean stopped, BatchBudget budget) {}

    /** @param ids of batches; those of other services' records may have no row, and nothing stops or bounds them */
    static BatchGate lock(Connection connection, Collection<UUID> ids) throws SQLException {
        BatchGate gate = new BatchGate();
        if (!ids.isEmpty()) {
            try (Bind bind = Bind.of(connection, LOCK)) {
                bind.array("uuid", Set.copyOf(ids), id -> id)
                        .rows(row -> gate.batches.put(Bind.uuid(row, "id"), entry(row)));
            }
        }
        return gate;
    }

    private static Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getBoolean("stopped"),
                new BatchBudget(
                        Bind.uuid(row, "id"), row.getBigDecimal("budget_usd"), row.getBigDecimal("committed_usd")));
    }

    boolean isStopped(@Nullable UUID batchId) {
        Entry entry = batches.get(batchId);
        return entry != null && entry.stopped();
    }

    /** What a job says that its batch's budget does not cover; null = covered. */
    @Nullable
    String refusal(@Nullable UUID batchId, @Nullable BigDecimal reserveUsd) {
        Entry entry = batches.get(batchId);
        if (entry == null || entry.budget().covers(reserveUsd)) {
            return null;
        }
        exhausted.add(entry.budget().batchId());
        return entry.budget().message(reserveUsd);
    }

    /** A job of it is taken. */
    void taken(@Nullable UUID batchId, @Nullable BigDecimal reserveUsd) {
        Entry entry = batches.get(batchId);
        if (entry != null) {
            batches.put(
                    entry.budget().batchId(),
                    new Entry(entry.stopped(), entry.budget().reserved(reserveUsd)));
        }
    }

    /** Batches whose budget did not cover a job: the others of them that it does not cover are to be held too. */
    Set<UUID> exhausted() {
        return exhausted;
    }
}
