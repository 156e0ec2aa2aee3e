package io.wavequeue.store;

import io.wavequeue.job.BulkDecision;
import io.wavequeue.job.ResolutionStatus;
import io.wavequeue.job.SkipReason;
import io.wavequeue.job.SubmitDecision;
import io.wavequeue.store.DecisionStore.DecisionResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Carries decisions about many uncertain submits out, chunk by chunk.
 *
 * <p>A chunk is one transaction: it locks the decision's row, which other processes skip, and then the jobs in id order; it
 * changes the jobs and marks them done. So a process that dies leaves nothing half done, and no job is done twice.
 */
@ApplicationScoped
public class ResolutionSteps {
    private static final String NEXT = """
            select id, decision, status
            from resolution
            where status in ('planned', 'running')
              and kind = 'resolution'
            order by created_at, id
            limit 1
            for update skip locked
            """;

    private static final String LOCK_JOBS = """
            select j.id
            from resolution_item i
            join job j on j.id = i.job_id
            where i.resolution_id = ?
              and i.done_at is null
            order by j.id
            limit ?
            for update of j
            """;

    /**
     * A candidate that an attempt has by now is nobody's else. One that another uncertain attempt may have made is not for
     * this one alone.
     */
    private static final String FACTS = """
            select i.job_id, i.attempt as attempt_then, j.attempt as attempt_now,
                   j.status = 'uncertain' or (j.status = 'held' and j.hold_reason = 'uncertain_submission') as doubtful,
                   c.candidates, c.prediction_id,
                   exists (select 1
                           from candidate o
                           join attempt a on a.job_id = o.job_id and a.number = o.attempt
                           where o.prediction_id = c.prediction_id
                             and o.job_id <> i.job_id
                             and a.status = 'uncertain') as shared
            from resolution_item i
            join job j on j.id = i.job_id
            cross join lateral (select count(*)::int as candidates, min(k.prediction_id) as prediction_id
                                from candidate k
                                where k.job_id = j.id
                                  and k.attempt = j.attempt
                                  and not exists (select 1 from attempt a where a.prediction_id = k.prediction_id)) c
            where i.resolution_id = ?
              and i.job_id = any(?::uuid[])
            order by i.job_id
            """;

    private static final String MARK = """
            update resolution_item i
            set done_at = now(), skip_reason = d.skip_reason
            from unnest(?::uuid[], ?::text[]) as d(job_id, skip_reason)
            where i.resolution_id = ?
              and i.job_id = d.job_id
            """;

    private final Database database;
    private final DecisionStore decisions;

    ResolutionSteps(Database database, DecisionStore decisions) {
        this.database = database;
        this.decisions = decisions;
    }

    /**
     * What a chunk did.
     *
     * @param resolved jobs that were changed
     * @param done whether the whole decision is carried out now
     */
    public record Step(UUID resolution, BulkDecision decision, List<UUID> resolved, int skipped, boolean done) {}

    private record Open(UUID id, BulkDecision decision, ResolutionStatus status) {}

    private record Fact(
            UUID jobId,
            boolean sameAttempt,
            boolean doubtful,
            int candidates,
            @Nullable String predictionId,
            boolean shared) {}

    /** Carries out at most so many jobs of the oldest decision that nobody else is at; empty when there is none. */
    public Optional<Step> next(int chunk) {
        return database.inTransaction(connection -> {
            Optional<Open> open = open(connection);
            return open.isEmpty() ? Optional.empty() : Optional.of(step(connection, open.get(), chunk));
        });
    }

    private Step step(Connection connection, Open open, int chunk) throws SQLException {
        List<UUID> jobs = lockJobs(connection, open, chunk);
        Map<UUID, @Nullable SkipReason> outcomes = new HashMap<>();
        Map<UUID, SubmitDecision> wanted = new HashMap<>();
        for (Fact fact : facts(connection, open, jobs)) {
            SkipReason reason = reasonToSkip(open.decision(), fact);
            if (reason == null) {
                wanted.put(fact.jobId(), decision(open.decision(), fact));
            } else {
                outcomes.put(fact.jobId(), reason);
            }
        }
        decisions.decide(connection, wanted).forEach((job, result) -> outcomes.put(job, reason(result)));
        mark(connection, open, outcomes);
        boolean done = jobs.size() < chunk;
        if (done || open.status() == ResolutionStatus.PLANNED) {
            ResolutionStore.change(connection, open.id(), done ? ResolutionStatus.DONE : ResolutionStatus.RUNNING);
        }
        List<UUID> resolved = new ArrayList<>(outcomes.keySet());
        resolved.removeIf(job -> outcomes.get(job) != null);
        return new Step(open.id(), open.decision(), resolved, outcomes.size() - resolved.size(), done);
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

    private static Optional<Open> open(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, NEXT)) {
            return bind
                    .rows(row -> new Open(
                            Bind.uuid(row, "id"),
                            BulkDecision.of(row.getString("decision")).orElseThrow(),
                            ResolutionStatus.of(row.getString("status"))))
                    .stream()
                    .findFirst();
        }
    }

    private static List<UUID> lockJobs(Connection connection, Open open, int chunk) throws SQLException {
        try (Bind bind = Bind.of(connection, LOCK_JOBS)) {
            return bind.uuid(open.id()).integer(chunk).rows(row -> Bind.uuid(row, "id"));
        }
    }

    private static List<Fact> facts(Connection connection, Open open, List<UUID> jobs) throws SQLException {
        try (Bind bind = Bind.of(connection, FACTS)) {
            return bind.uuid(open.id())
                    .array("uuid", jobs, job -> job)
                    .rows(row -> new Fact(
                            Bind.uuid(row, "job_id"),
                            row.getInt("attempt_then") == row.getInt("attempt_now"),
                            row.getBoolean("doubtful"),
                            row.getInt("candidates"),
                            row.getString("prediction_id"),
                            row.getBoolean("shared")));
        }
    }

    private static void mark(Connection connection, Open open, Map<UUID, @Nullable SkipReason> outcomes)
            throws SQLException {
        List<UUID> jobs = List.copyOf(outcomes.keySet());
        try (Bind bind = Bind.of(connection, MARK)) {
            bind.array("uuid", jobs, job -> job)
                    .array("text", jobs, job -> code(outcomes.get(job)))
                    .uuid(open.id())
                    .update();
        }
    }

    private static @Nullable String code(@Nullable SkipReason reason) {
        return reason == null ? null : reason.code();
    }
}
