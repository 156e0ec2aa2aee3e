package io.wavequeue.worker.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.ReconcileStore.OpenSubmit;
import io.wavequeue.worker.provider.HistoryItem;
import io.wavequeue.worker.reconcile.Verdicts.Evidence;
import io.wavequeue.worker.reconcile.Verdicts.Sighting;
import io.wavequeue.worker.reconcile.Verdicts.Submit;
import io.wavequeue.worker.reconcile.Verdicts.Verdict;
import io.wavequeue.worker.settle.RetryDecider;
import io.wavequeue.worker.settle.RetryDecider.Tried;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is made of the evidence: which of it counts, and what a verdict does to the job. Pure but for the retry's chance. */
final class Judgement {
    private static final int NAMED_CANDIDATES = 5;

    private final Grace grace;
    private final RetryDecider retries;

    Judgement(Grace grace, RetryDecider retries) {
        this.grace = grace;
        this.retries = retries;
    }

    /**
     * How long after its claim something can be made of a submit, and be seen.
     *
     * @param window from the claim to the last moment at which the provider may take the POST
     * @param historyLag from then until the history shows what it took
     * @param clockMargin how far apart clocks may be
     */
    record Grace(Duration window, Duration historyLag, Duration clockMargin) {}

    /** Strings that are equal for inputs that mean the same: of our rows, and of what the provider tells. */
    record Keys(Function<String, String> ofOurs, Function<JsonNode, String> ofTheirs) {}

    /**
     * What was read of one model, in this order. The rows come last: whoever made a prediction that the history shows is
     * among them, or known by its id. A prediction that is recorded between the last two readings is met by neither; it
     * seems to be free, and whoever is given it is refused by the rows.
     *
     * @param doubts the uncertain submits
     * @param ahead how far the provider's clock is before the database's
     * @param items what the history shows of their windows
     * @param complete whether that is all
     * @param known those of the items that an attempt of ours has, with the input of its job
     * @param open all submits without an outcome
     */
    record Reading(
            List<OpenSubmit> doubts,
            Duration ahead,
            List<HistoryItem> items,
            boolean complete,
            Map<String, String> known,
            List<OpenSubmit> open) {

        /** Without those that somebody settled meanwhile: their predictions are known by now, and are not these ones'. */
        List<OpenSubmit> stillInDoubt() {
            Map<UUID, Long> fences = open.stream()
                    .filter(submit -> submit.status() == JobStatus.UNCERTAIN)
                    .collect(Collectors.toMap(OpenSubmit::jobId, OpenSubmit::fence));
            return doubts.stream()
                    .filter(doubt -> Objects.equals(fences.get(doubt.jobId()), doubt.fence()))
                    .toList();
        }
    }

    /** True when nothing can be made of the submit any more, and what was made of it can be seen. */
    boolean isRipe(OpenSubmit submit) {
        Duration age = Duration.between(submit.claimedAt(), submit.readAt());
        return age.compareTo(grace.window().plus(grace.historyLag())) > 0;
    }

    /**
     * How far the provider's clock is before ours. Empty when they were read so far apart that a window might be missed:
     * a process that was stopped in between would look for a prediction at the wrong time, and prove it absent.
     *
     * @param took from before the first clock was read until after the second
     */
    Optional<Duration> ahead(Instant ours, Instant theirs, Duration took) {
        return took.multipliedBy(2).compareTo(grace.clockMargin()) > 0
                ? Optional.empty()
                : Optional.of(Duration.between(ours, theirs));
    }

    List<Submit> submits(Collection<OpenSubmit> open, Duration ahead, Function<String, String> key) {
        return open.stream()
                .map(submit -> {
                    Instant claimed = submit.claimedAt().plus(ahead);
                    return new Submit(
                            submit.jobId(),
                            key.apply(submit.input()),
                            claimed.minus(grace.clockMargin()),
                            claimed.plus(grace.window()).plus(grace.clockMargin()));
                })
                .toList();
    }

    Map<UUID, Verdict> judge(Reading read, Keys keys) {
        List<OpenSubmit> doubts = read.stillInDoubt();
        Set<UUID> judged = doubts.stream().map(OpenSubmit::jobId).collect(Collectors.toSet());
        List<OpenSubmit> rivals = read.open().stream()
                .filter(open -> !judged.contains(open.jobId()))
                .toList();
        List<Sighting> sightings = read.items().stream()
                .filter(item -> !read.known().containsKey(item.id()))
                .map(item -> {
                    JsonNode input = item.input();
                    return new Sighting(
                            item.id(),
                            item.createdAt(),
                            input == null ? null : keys.ofTheirs().apply(input));
                })
                .toList();
        Set<UUID> ripe =
                doubts.stream().filter(this::isRipe).map(OpenSubmit::jobId).collect(Collectors.toSet());
        return Verdicts.of(new Evidence(
                submits(doubts, read.ahead(), keys.ofOurs()),
                ripe,
                submits(rivals, read.ahead(), keys.ofOurs()),
                sightings,
                read.complete(),
                isFaithful(read, keys)));
    }

    /** Whether the history tells the inputs of our own, known predictions as they were sent; false when it shows none. */
    private static boolean isFaithful(Reading read, Keys keys) {
        boolean seen = false;
        for (HistoryItem item : read.items()) {
            String ours = read.known().get(item.id());
            JsonNode told = item.input();
            if (ours != null && told != null) {
                if (!keys.ofOurs().apply(ours).equals(keys.ofTheirs().apply(told))) {
                    return false;
                }
                seen = true;
            }
        }
        return seen;
    }

    /**
     * What the verdict does to the job; nothing while it says to wait.
     *
     * @param mayRepeat whether it may be submitted again at the risk of paying twice, where a person would be asked
     */
    Optional<Transition> transition(OpenSubmit doubt, Verdict verdict, boolean mayRepeat, Instant now) {
        return switch (verdict) {
            case Verdict.Wait wait -> Optional.empty();
            case Verdict.Adopt(String predictionId) ->
                Optional.of(change(doubt, new Next.Running(), new AttemptChange.Accepted(predictionId, null), now));
            case Verdict.NotCreated notCreated -> Optional.of(notCreated(doubt, now));
            case Verdict.Ask(List<Sighting> candidates) -> Optional.of(asked(doubt, candidates, mayRepeat, now));
        };
    }

    private Transition notCreated(OpenSubmit doubt, Instant now) {
        JobError error = JobError.of(
                ErrorClass.PROVIDER_ERROR,
                "the provider did not take the submit: its history shows that nothing was made of it");
        Optional<Duration> again =
                retries.again(new Tried(error, doubt.attempt(), doubt.maxAttempts(), doubt.createdAt()), now);
        return change(
                doubt,
                again.isPresent() ? new Next.Queued(again.get()) : new Next.Failed(error),
                new AttemptChange.NotCreated(error),
                now);
    }

    private static Transition asked(OpenSubmit doubt, List<Sighting> candidates, boolean mayRepeat, Instant now) {
        JobError error = new JobError(
                ErrorClass.UNCERTAIN_SUBMISSION,
                "it may have been charged: %d predictions of the provider may be its own (%s%s); adopt one, resubmit or abandon"
                        .formatted(
                                candidates.size(),
                                candidates.stream()
                                        .limit(NAMED_CANDIDATES)
                                        .map(Sighting::predictionId)
                                        .collect(Collectors.joining(", ")),
                                candidates.size() > NAMED_CANDIDATES ? ", …" : ""),
                false);
        return mayRepeat
                ? change(doubt, new Next.Queued(Duration.ZERO), new AttemptChange.GivenUp(error), now)
                : change(
                        doubt,
                        new Next.Held(HoldReason.UNCERTAIN_SUBMISSION, error),
                        new AttemptChange.StillUncertain(error),
                        now);
    }

    private static Transition change(OpenSubmit doubt, Next next, AttemptChange attempt, Instant now) {
        return new Transition(doubt.jobId(), doubt.fence(), JobStatus.UNCERTAIN, next, attempt, now);
    }
}
