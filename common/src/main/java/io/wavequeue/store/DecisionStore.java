package io.wavequeue.store;

import io.wavequeue.job.SubmitDecision;
import io.wavequeue.job.Transition;
import io.wavequeue.store.ReconcileStore.OpenSubmit;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Carries out what a person decided about submits whose outcome nobody knows: the same for one job and for many. */
@ApplicationScoped
public class DecisionStore {
    private final Database database;
    private final JobTransitions transitions;
    private final InstantSource clock;

    DecisionStore(Database database, JobTransitions transitions, InstantSource clock) {
        this.database = database;
        this.transitions = transitions;
        this.clock = clock;
    }

    /** What became of a decision. */
    public enum DecisionResult {
        /** The job was changed. */
        DECIDED,
        /** Nothing about the job is in doubt, or no longer: nothing changes. */
        NOT_UNCERTAIN,
        /** A webhook told what became of the submit, and that is about to be written: nothing changes. */
        EVIDENCE_WAITS,
        /** Another attempt has the prediction: nothing changes. */
        PREDICTION_TAKEN
    }

    /** Carries out one decision. */
    public DecisionResult decide(UUID jobId, SubmitDecision decision) {
        return Objects.requireNonNull(database.inTransaction(connection -> decide(connection, Map.of(jobId, decision)))
                .get(jobId));
    }

    /** Carries out each decision whose job is still in doubt, in the caller's transaction. */
    Map<UUID, DecisionResult> decide(Connection connection, Map<UUID, SubmitDecision> decisions) throws SQLException {
        Set<String> wanted = decisions.values().stream()
                .filter(SubmitDecision.Adopt.class::isInstance)
                .map(decision -> ((SubmitDecision.Adopt) decision).predictionId())
                .collect(Collectors.toSet());
        Set<String> taken = wanted.isEmpty()
                ? Set.of()
                : ReconcileStore.known(connection, wanted).keySet();
        Map<UUID, DecisionResult> results = new HashMap<>();
        decisions.keySet().forEach(job -> results.put(job, DecisionResult.NOT_UNCERTAIN));
        List<Transition> changes = new ArrayList<>();
        Instant now = clock.instant();
        for (OpenSubmit submit : ReconcileStore.doubtful(connection, decisions.keySet())) {
            SubmitDecision decision = Objects.requireNonNull(decisions.get(submit.jobId()));
            if (decision instanceof SubmitDecision.Adopt(String prediction) && taken.contains(prediction)) {
                results.put(submit.jobId(), DecisionResult.PREDICTION_TAKEN);
            } else {
                changes.add(decision.transition(submit.jobId(), submit.fence(), submit.status(), now));
            }
        }
        Set<UUID> decided = transitions.apply(connection, changes);
        decided.forEach(job -> results.put(job, DecisionResult.DECIDED));
        if (decided.size() < changes.size()) {
            changes.stream()
                    .map(Transition::jobId)
                    .filter(job -> !decided.contains(job))
                    .filter(WebhookStore.unjudged(connection, decisions.keySet())::contains)
                    .forEach(job -> results.put(job, DecisionResult.EVIDENCE_WAITS));
        }
        return results;
    }
}
