package io.wavequeue.worker.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.job.Transition;
import io.wavequeue.store.ReconcileStore.OpenSubmit;
import io.wavequeue.worker.provider.HistoryItem;
import io.wavequeue.worker.reconcile.Judgement.Grace;
import io.wavequeue.worker.reconcile.Judgement.Keys;
import io.wavequeue.worker.reconcile.Judgement.Reading;
import io.wavequeue.worker.reconcile.Verdicts.Submit;
import io.wavequeue.worker.reconcile.Verdicts.Verdict;
import io.wavequeue.worker.settle.RetryDecider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** The real judgement of uncertain submits, for simulations. An input is its own key there. */
public final class Judge {
    private static final Keys KEYS = new Keys(Function.identity(), JsonNode::textValue);

    private final Judgement judgement;

    public Judge(Duration window, Duration historyLag, Duration clockMargin, RetryDecider retries) {
        this.judgement = new Judgement(new Grace(window, historyLag, clockMargin), retries);
    }

    /** What the history is asked for. */
    public record Span(Instant from, Instant until) {}

    public Optional<Duration> ahead(Instant ours, Instant theirs, Duration took) {
        return judgement.ahead(ours, theirs, took);
    }

    public Span span(List<OpenSubmit> doubts, Duration ahead) {
        List<Submit> submits = judgement.submits(doubts, ahead, KEYS.ofOurs());
        return new Span(
                submits.stream().map(Submit::from).min(Instant::compareTo).orElseThrow(),
                submits.stream().map(Submit::until).max(Instant::compareTo).orElseThrow());
    }

    public List<Transition> judge(
            List<OpenSubmit> doubts,
            Duration ahead,
            List<HistoryItem> items,
            Map<String, String> known,
            List<OpenSubmit> open,
            Instant now) {
        Map<UUID, Verdict> verdicts = judgement.judge(new Reading(doubts, ahead, items, true, known, open), KEYS);
        return doubts.stream()
                .flatMap(
                        doubt -> judgement
                                .transition(doubt, verdicts.getOrDefault(doubt.jobId(), new Verdict.Wait()), false, now)
                                .stream())
                .toList();
    }
}
