package io.wavequeue.store;

import io.wavequeue.job.BulkKind;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.SkipReason;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Cancels jobs, holds them one by one, or lets go what a person held so. */
@ApplicationScoped
class StopAction implements BulkAction {
    private static final String FACTS = """
            select id, status, hold_reason, held_by_person, cancel_requested
            from job
            where id = any(?::uuid[])
            """;

    /** Whatever it waited for before: only a person lets it go now. */
    private static final String HOLD = """
            update job
            set status = 'held', hold_reason = 'paused', held_by_batch = true, held_by_person = true,
                dispatch_at = null, sends = 0, version = version + 1, updated_at = now(),
                error_class = 'paused', error_message = ?, error_retryable = true
            where id = any(?::uuid[])
              and (status = 'queued' or (status = 'held' and hold_reason <> 'uncertain_submission' and not held_by_person))
            """;

    private static final String RELEASE = """
            update job
            set status = 'queued', hold_reason = null, held_by_batch = false, held_by_person = false,
                dispatch_at = now(), sends = 0, version = version + 1, updated_at = now(),
                error_class = null, error_message = null, error_retryable = null
            where id = any(?::uuid[])
              and held_by_person
            """;

    private record Fact(
            UUID id, JobStatus status, @Nullable String holdReason, boolean heldByPerson, boolean cancelRequested) {
        @Nullable
        SkipReason against(BulkKind kind) {
            if (status.isTerminal()) {
                return SkipReason.ENDED;
            }
            return switch (kind) {
                case CANCELLATION -> cancelRequested ? SkipReason.CANCEL_REQUESTED : null;
                case HOLD -> againstHold();
                case RELEASE -> heldByPerson ? null : SkipReason.NOT_HELD;
                case RESOLUTION, REPLAY -> throw new IllegalArgumentException(kind + " stops no job");
            };
        }

        private @Nullable SkipReason againstHold() {
            if (heldByPerson) {
                return SkipReason.HELD_ALREADY;
            }
            boolean waits = status == JobStatus.QUEUED
                    || (status == JobStatus.HELD
                            && !HoldReason.UNCERTAIN_SUBMISSION.code().equals(holdReason));
            return waits ? null : SkipReason.UNDER_WAY;
        }
    }

    @Override
    public Set<BulkKind> kinds() {
        return Set.of(BulkKind.CANCELLATION, BulkKind.HOLD, BulkKind.RELEASE);
    }

    @Override
    public Map<UUID, Outlook> look(Connection connection, BulkOrder order, List<UUID> jobs) throws SQLException {
        Map<UUID, Outlook> outlooks = new HashMap<>();
        for (Fact fact : facts(connection, jobs)) {
            outlooks.put(fact.id(), new Outlook(fact.against(order.kind()), BigDecimal.ZERO));
        }
        return outlooks;
    }

    @Override
    public Map<UUID, @Nullable SkipReason> apply(Connection connection, BulkOrder order, List<UUID> jobs)
            throws SQLException {
        Map<UUID, @Nullable SkipReason> outcomes = new HashMap<>();
        List<UUID> concerned = new ArrayList<>();
        for (Fact fact : facts(connection, jobs)) {
            SkipReason reason = fact.against(order.kind());
            outcomes.put(fact.id(), reason);
            if (reason == null) {
                concerned.add(fact.id());
            }
        }
        switch (order.kind()) {
            case CANCELLATION -> CancelStore.cancel(connection, concerned);
            case HOLD -> hold(connection, order, concerned);
            case RELEASE -> release(connection, concerned);
            case RESOLUTION, REPLAY -> throw new IllegalArgumentException(order.kind() + " stops no job");
        }
        return outcomes;
    }

    private static void hold(Connection connection, BulkOrder order, List<UUID> jobs) throws SQLException {
        try (Bind bind = Bind.of(connection, HOLD)) {
            bind.text("%s: a person holds it (hold %s); POST /v1/releases lets it go"
                            .formatted(HoldReason.PAUSED.code(), order.id()))
                    .array("uuid", jobs, job -> job)
                    .update();
        }
    }

    /** In the caller's transaction, which has the rows locked. */
    static void release(Connection connection, List<UUID> jobs) throws SQLException {
        try (Bind bind = Bind.of(connection, RELEASE)) {
            bind.array("uuid", jobs, job -> job).update();
        }
    }

    private static List<Fact> facts(Connection connection, List<UUID> jobs) throws SQLException {
        try (Bind bind = Bind.of(connection, FACTS)) {
            return bind.array("uuid", jobs, job -> job)
                    .rows(row -> new Fact(
                            Bind.uuid(row, "id"),
                            JobStatus.of(row.getString("status")),
                            row.getString("hold_reason"),
                            row.getBoolean("held_by_person"),
                            row.getBoolean("cancel_requested")));
        }
    }
}
