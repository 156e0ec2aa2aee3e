package io.wavequeue.store;

import io.wavequeue.job.BulkDecision;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.SkipReason;
import io.wavequeue.job.SubmitDecision;
import io.wavequeue.store.DecisionStore.DecisionResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Decides about submits in doubt: the same guarded change as for one of them ({@link DecisionStore}). */
@ApplicationScoped
class ResolveAction implements BulkAction {
    /**
     * A candidate that an attempt has by now is nobody's else. One that another uncertain attempt may have made is not for
     * this one alone. A cancelled job is not submitted again, so that it costs nothing more.
     */
    private static final String FACTS = """
            select i.job_id, i.attempt as attempt_then, j.attempt as attempt_now,
                   j.status = 'uncertain' or (j.status = 'held' and j.hold_reason = 'uncertain_submission') as doubtful,
                   case when j.cancel_requested then 0
                        else round(j.estimated_usd * coalesce(pf.factor, 1), 6) end as usd,
                   c.candidates, c.prediction_id,
                   exists (select 1
                           from candidate o
                           join attempt a on a.job_id = o.job_id and a.number = o.attempt
                           where o.prediction_id = c.prediction_id
                             and o.job_id <> i.job_id
                             and a.status = 'uncertain') as shared
            from resolution_item i
            join job j on j.id = i.job_id
            left join price_factor pf on pf.model = j.model
            cross join lateral (select count(*)::int as candidates, min(k.prediction_id) as prediction_id
                                from candidate k
                                where k.job_id = j.id
                                  and k.attempt = j.attempt
                                  and not exists (select 1 from attempt a where a.prediction_id = k.prediction_id)) c
            where i.resolution_id = ?
              and i.job_id = any(?::uuid[])
            order by i.job_id
            """;

    private final DecisionStore decisions;

    ResolveAction(DecisionStore decisions) {
        this.decisions = decisions;
    }

    private record Fact(
            UUID jobId,
            boolean sameAttempt,
            boolean doubtful,
            @Nullable BigDecimal usd,
            int candidates,
            @Nullable String predictionId,
            boolean shared) {}

    @Override
    public Set<BulkKind> kinds() {
        return Set.of(BulkKind.RESOLUTION);
    }

    @Override
    public Map<UUID, Outlook> look(Connection connection, BulkOrder order, List<UUID> jobs) throws SQLException {
        BulkDecision decision = Objects.requireNonNull(order.decision());
        Map<UUID, Outlook> outlooks = new HashMap<>();
        for (Fact fact : facts(connection, order, jobs)) {
            SkipReason skip = reasonToSkip(decision, fact);
            boolean costs = skip == null && decision == BulkDecision.RESUBMIT;
            outlooks.put(fact.jobId(), new Outlook(skip, costs ? fact.usd() : BigDecimal.ZERO));
        }
        return outlooks;
    }

    @Override
    public Map<UUID, @Nullable SkipReason> apply(Connection connection, BulkOrder order, List<UUID> jobs)
            throws SQLException {
        BulkDecision decision = Objects.requireNonNull(order.decision());
        Map<UUID, @Nullable SkipReason> outcomes = new HashMap<>();
        Map<UUID, SubmitDecision> wanted = new HashMap<>();
        for (Fact fact : facts(connection, order, jobs)) {
            SkipReason reason = reasonToSkip(decision, fact);
            if (reason == null) {
                wanted.put(fact.jobId(), decision(decision, fact));
            } else {
                outcomes.put(fact.jobId(), reason);
            }
        }
        decisions.decide(connection, wanted).forEach((job, result) -> outcomes.put(job, reason(result)));
        return outcomes;
    }

    private static @Nullable SkipReason reasonToSkip(BulkDecision decision, Fact fact) {
        if (!fact.doubtful()) {
            return SkipReason.ALREADY_RESOLVED;
        }
        if (!fact.sameAttempt()) {
            return SkipReason.CHANGED;
        }
        if (decision != BulkDecision.ADOPT || (fact.candidates() == 1 && !fact.shared())) {
            return null;
        }
        return switch (fact.candidates()) {
            case 0 -> SkipReason.NO_CANDIDATE;
            case 1 -> SkipReason.CANDIDATE_SHARED;
            default -> SkipReason.SEVERAL_CANDIDATES;
        };
    }

    private static SubmitDecision decision(BulkDecision decision, Fact fact) {
        return switch (decision) {
            case ADOPT -> new SubmitDecision.Adopt(Objects.requireNonNull(fact.predictionId()));
            case RESUBMIT -> new SubmitDecision.Resubmit();
            case ABANDON -> new SubmitDecision.Abandon();
        };
    }

    private static @Nullable SkipReason reason(DecisionResult result) {
        return switch (result) {
            case DECIDED -> null;
            case NOT_UNCERTAIN -> SkipReason.ALREADY_RESOLVED;
            case EVIDENCE_WAITS -> SkipReason.EVIDENCE_WAITS;
            case PREDICTION_TAKEN -> SkipReason.CANDIDATE_TAKEN;
        };
    }

    private static List<Fact> facts(Connection connection, BulkOrder order, List<UUID> jobs) throws SQLException {
        try (Bind bind = Bind.of(connection, FACTS)) {
            return bind.uuid(order.id())
                    .array("uuid", jobs, job -> job)
                    .rows(row -> new Fact(
                            Bind.uuid(row, "job_id"),
                            row.getInt("attempt_then") == row.getInt("attempt_now"),
                            row.getBoolean("doubtful"),
                            row.getBigDecimal("usd"),
                            row.getInt("candidates"),
                            row.getString("prediction_id"),
                            row.getBoolean("shared")));
        }
    }
}
