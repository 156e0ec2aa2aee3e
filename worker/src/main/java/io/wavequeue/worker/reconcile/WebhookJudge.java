package io.wavequeue.worker.reconcile;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.wavequeue.job.AttemptStatus;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.WebhookStore;
import io.wavequeue.store.WebhookStore.Evidence;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Compares what webhooks told with the attempts whose tokens they named: a submit in doubt gets its prediction, and what
 * contradicts an attempt is said aloud, once, and kept as a candidate. A token names one submit, so no input is compared.
 */
@ApplicationScoped
class WebhookJudge {
    static final String CONTRADICTIONS = "wavequeue.webhook.contradictions";

    private static final Logger LOG = Logger.getLogger(WebhookJudge.class);
    private static final int MOST_AT_ONCE = 1_000;

    private final WebhookStore store;
    private final InstantSource clock;
    private final Counter contradictions;

    WebhookJudge(WebhookStore store, InstantSource clock, MeterRegistry metrics) {
        this.store = store;
        this.clock = clock;
        this.contradictions = Counter.builder(CONTRADICTIONS)
                .description("Predictions that webhooks told of and that their attempts do not have")
                .register(metrics);
    }

    private enum Meaning {
        AGREES,
        ANSWERS,
        CONTRADICTS
    }

    /** What is to be written of the submits that a webhook answered. */
    List<Transition> judge() {
        List<Transition> answered = new ArrayList<>();
        List<Evidence> agreeing = new ArrayList<>();
        Set<UUID> seen = new HashSet<>();
        for (Evidence evidence : store.open(MOST_AT_ONCE)) {
            switch (meaning(evidence, seen.contains(evidence.token()))) {
                case AGREES -> agreeing.add(evidence);
                case ANSWERS -> {
                    seen.add(evidence.token());
                    answered.add(adoption(evidence));
                }
                case CONTRADICTS -> contradict(evidence);
            }
        }
        if (!agreeing.isEmpty()) {
            store.forget(agreeing);
        }
        return answered;
    }

    private static Meaning meaning(Evidence evidence, boolean isAnswered) {
        if (evidence.predictionId().equals(evidence.attemptPredictionId())) {
            return Meaning.AGREES;
        }
        boolean inDoubt = evidence.attemptStatus() == AttemptStatus.UNCERTAIN
                && (evidence.jobStatus() == JobStatus.UNCERTAIN || evidence.jobStatus() == JobStatus.HELD);
        return inDoubt && !isAnswered && !evidence.isAnotherAttempts() ? Meaning.ANSWERS : Meaning.CONTRADICTS;
    }

    private Transition adoption(Evidence evidence) {
        LOG.warnf(
                "job %s: a webhook told that its lost submit made prediction %s",
                evidence.jobId(), evidence.predictionId());
        return new Transition(
                evidence.jobId(),
                evidence.fence(),
                evidence.jobStatus(),
                new Next.Running(),
                new AttemptChange.Accepted(evidence.predictionId(), null),
                clock.instant());
    }

    private void contradict(Evidence evidence) {
        if (store.contradict(evidence)) {
            contradictions.increment();
            LOG.errorf(
                    "job %s: a webhook told that the submit of attempt %d made prediction %s, but %s. It is kept as a candidate:"
                            + " look whether it was charged, and whose it is",
                    evidence.jobId(), evidence.attempt(), evidence.predictionId(), whatWeKnow(evidence));
        }
    }

    private static String whatWeKnow(Evidence evidence) {
        AttemptStatus status = evidence.attemptStatus();
        if (status == null) {
            return "that attempt was removed: its submit was answered with a refusal, or not sent";
        }
        if (evidence.attemptPredictionId() != null) {
            return "it has prediction " + evidence.attemptPredictionId();
        }
        if (evidence.isAnotherAttempts()) {
            return "another attempt has that prediction";
        }
        return status == AttemptStatus.UNCERTAIN ? "it was told of another one first" : "it is " + status.code();
    }
}
