package io.wavequeue.worker.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.LeaseStore;
import io.wavequeue.store.ReconcileStore;
import io.wavequeue.store.ReconcileStore.OpenSubmit;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.worker.provider.HistoryItem;
import io.wavequeue.worker.provider.WaveSpeed;
import io.wavequeue.worker.reconcile.Verdicts.Evidence;
import io.wavequeue.worker.reconcile.Verdicts.Sighting;
import io.wavequeue.worker.reconcile.Verdicts.Submit;
import io.wavequeue.worker.reconcile.Verdicts.Verdict;
import io.wavequeue.worker.run.Heartbeat;
import io.wavequeue.worker.run.Sleeper;
import io.wavequeue.worker.run.WorkerConfig;
import io.wavequeue.worker.settle.RetryDecider;
import io.wavequeue.worker.settle.RetryDecider.Tried;
import io.wavequeue.worker.settle.Settler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Looks for evidence of what became of uncertain submits, in what webhooks told and in the provider's history, and settles
 * those that it decides.
 *
 * <p>Whatever it has read may be old by the time it writes: each change names the state and the fence that was read, and a
 * prediction belongs to one attempt only. So two of these at once, or one that was paused, decide nothing wrongly.
 */
@ApplicationScoped
public class Reconciler {
    private static final Logger LOG = Logger.getLogger(Reconciler.class);
    private static final String LEASE = "reconcile";
    private static final int MOST_AT_ONCE = 1_000;
    private static final int MOST_PAGES = 1_000;
    private static final int MOST_LOOKS = 200;
    private static final int NAMED_CANDIDATES = 5;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final ReconcileStore store;
    private final LeaseStore leases;
    private final WaveSpeed provider;
    private final Catalogue catalogue;
    private final Settler settler;
    private final RetryDecider retries;
    private final Heartbeat heartbeat;
    private final ReconcileConfig config;
    private final WorkerConfig worker;
    private final InstantSource clock;
    private final Sleeper sleeper;
    private final WebhookJudge webhooks;
    private final MeterRegistry metrics;
    private final Map<String, Interest> interests = new HashMap<>();

    /** When a model is looked at again, and which submits that was decided for. */
    private record Interest(Set<UUID> jobs, Duration pause, Instant next) {}

    Reconciler(
            ReconcileStore store,
            LeaseStore leases,
            WaveSpeed provider,
            Catalogue catalogue,
            Settler settler,
            RetryDecider retries,
            Heartbeat heartbeat,
            ReconcileConfig config,
            WorkerConfig worker,
            InstantSource clock,
            Sleeper sleeper,
            WebhookJudge webhooks,
            MeterRegistry metrics) {
        this.store = store;
        this.leases = leases;
        this.provider = provider;
        this.catalogue = catalogue;
        this.settler = settler;
        this.retries = retries;
        this.heartbeat = heartbeat;
        this.config = config;
        this.worker = worker;
        this.clock = clock;
        this.sleeper = sleeper;
        this.webhooks = webhooks;
        this.metrics = metrics;
    }

    void onStart(@Observes StartupEvent start) {
        if (config.enabled()) {
            Thread.ofVirtual().name("reconcile").start(this::run);
        }
    }

    private void run() {
        try {
            while (true) {
                sleeper.sleep(config.every());
                try {
                    step();
                } catch (DatabaseAwayException away) {
                    LOG.warnf("looking for evidence waits: %s", away.getMessage());
                } catch (RuntimeException failure) {
                    LOG.error("looking for evidence failed and is tried again", failure);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Settles what webhooks told, then judges the uncertain submits of every model whose turn it is. Returns how many it settled. */
    public int step() throws InterruptedException {
        if (!leases.take(
                LEASE, heartbeat.workerId(), config.every().multipliedBy(3).plus(worker.pollTimeout()))) {
            return 0;
        }
        int settled = write(webhooks.judge(), transition -> "webhook");
        Map<String, List<OpenSubmit>> byModel = store.uncertain(MOST_AT_ONCE).stream()
                .collect(Collectors.groupingBy(OpenSubmit::model, LinkedHashMap::new, Collectors.toList()));
        interests.keySet().retainAll(byModel.keySet());
        for (Map.Entry<String, List<OpenSubmit>> model : byModel.entrySet()) {
            if (isDue(model.getKey(), model.getValue())) {
                settled += judge(model.getKey(), model.getValue());
            }
        }
        return settled;
    }

    /** New submits are looked for at once; then the wait doubles, but never past the moment from which absence counts. */
    private boolean isDue(String model, List<OpenSubmit> doubts) {
        Set<UUID> jobs = doubts.stream().map(OpenSubmit::jobId).collect(Collectors.toSet());
        Interest last = interests.get(model);
        Instant now = clock.instant();
        Duration pause = config.every();
        if (last != null && last.jobs().containsAll(jobs)) {
            if (now.isBefore(last.next()) && doubts.stream().noneMatch(this::isRipe)) {
                return false;
            }
            Duration doubled = last.pause().multipliedBy(2);
            pause = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
        }
        interests.put(model, new Interest(jobs, pause, now.plus(pause)));
        return true;
    }

    private Duration window() {
        return worker.submitWindow().plus(worker.submitTimeout());
    }

    private boolean isRipe(OpenSubmit submit) {
        Duration age = Duration.between(submit.claimedAt(), submit.readAt());
        return age.compareTo(window().plus(config.historyLag())) > 0;
    }

    private int judge(String model, List<OpenSubmit> doubts) throws InterruptedException {
        try {
            Duration ahead = Duration.between(doubts.getFirst().readAt(), providerTime());
            InputKeys keys = new InputKeys(catalogue, model);
            List<Submit> submits = submits(doubts, ahead, keys);
            History history = history(model, submits);
            Evidence evidence = evidence(model, doubts, submits, history, ahead, keys);
            return areStillInDoubt(model, doubts) ? settle(doubts, Verdicts.of(evidence)) : 0;
        } catch (IOException trouble) {
            LOG.warnf("the evidence for %d submits of %s cannot be read now: %s", doubts.size(), model, trouble);
            return 0;
        }
    }

    /**
     * False when somebody has settled one of them since they were read. A prediction that it was given then is missing among
     * what may be the others', and their number would not fit any more. It is looked at again in the next step.
     */
    private boolean areStillInDoubt(String model, List<OpenSubmit> doubts) {
        Map<UUID, Long> fences = store.open(model).stream()
                .filter(submit -> submit.status() == JobStatus.UNCERTAIN)
                .collect(Collectors.toMap(OpenSubmit::jobId, OpenSubmit::fence));
        return doubts.stream().allMatch(doubt -> Objects.equals(fences.get(doubt.jobId()), doubt.fence()));
    }

    /** Read with the rows, so that the two clocks are compared at one moment. */
    private Instant providerTime() throws IOException, InterruptedException {
        if (provider.time().isEmpty()) {
            provider.balance();
        }
        return provider.time().orElseGet(clock::instant);
    }

    private List<Submit> submits(Collection<OpenSubmit> open, Duration ahead, InputKeys keys) {
        return open.stream()
                .map(submit -> {
                    Instant claimed = submit.claimedAt().plus(ahead);
                    return new Submit(
                            submit.jobId(),
                            keys.ofOurs(submit.input()),
                            claimed.minus(config.clockMargin()),
                            claimed.plus(window()).plus(config.clockMargin()));
                })
                .toList();
    }

    /** What the history holds of the windows, and whether that is all. */
    private record History(List<HistoryItem> items, boolean complete) {}

    private History history(String model, List<Submit> submits) throws IOException, InterruptedException {
        Instant from =
                submits.stream().map(Submit::from).min(Instant::compareTo).orElseThrow();
        Instant until =
                submits.stream().map(Submit::until).max(Instant::compareTo).orElseThrow();
        Map<String, HistoryItem> items = new LinkedHashMap<>();
        for (int page = 1; page <= MOST_PAGES; page++) {
            List<HistoryItem> found = provider.history(model, from, until, page);
            int before = items.size();
            found.forEach(item -> items.putIfAbsent(item.id(), item));
            if (items.size() == before) {
                // Nothing new: the end. A short page is none, since nobody promises a page's length.
                List<HistoryItem> ofModel = items.values().stream()
                        .filter(item -> item.model() == null || item.model().equals(model))
                        .toList();
                return new History(ofModel, true);
            }
        }
        return new History(List.copyOf(items.values()), false);
    }

    /** The rows are read after the history: whoever made a prediction that it shows is among them, or known by its id. */
    private Evidence evidence(
            String model,
            List<OpenSubmit> doubts,
            List<Submit> submits,
            History history,
            Duration ahead,
            InputKeys keys)
            throws IOException, InterruptedException {
        Set<UUID> judged = doubts.stream().map(OpenSubmit::jobId).collect(Collectors.toSet());
        List<OpenSubmit> others = store.open(model).stream()
                .filter(open -> !judged.contains(open.jobId()))
                .toList();
        Map<String, String> known =
                store.known(history.items().stream().map(HistoryItem::id).toList());
        Map<String, String> clips = store.clips(history.items().stream()
                .flatMap(item ->
                        item.input() == null ? java.util.stream.Stream.of() : keys.addresses(item.input()).stream())
                .toList());
        boolean faithful = isFaithful(history.items(), known, keys, clips);
        List<Sighting> sightings = new ArrayList<>();
        int looks = 0;
        for (HistoryItem item : history.items()) {
            if (!known.containsKey(item.id())) {
                JsonNode input = item.input();
                if (input == null && looks++ < MOST_LOOKS) {
                    input = provider.told(item.id()).map(HistoryItem::input).orElse(null);
                }
                sightings.add(
                        new Sighting(item.id(), item.createdAt(), input == null ? null : keys.ofTheirs(input, clips)));
            }
        }
        Set<UUID> ripe =
                doubts.stream().filter(this::isRipe).map(OpenSubmit::jobId).collect(Collectors.toSet());
        return new Evidence(submits, ripe, submits(others, ahead, keys), sightings, history.complete(), faithful);
    }

    /** Whether the history tells the inputs of our own, known predictions as they were sent; false when it shows none. */
    private static boolean isFaithful(
            List<HistoryItem> items, Map<String, String> known, InputKeys keys, Map<String, String> clips) {
        boolean seen = false;
        for (HistoryItem item : items) {
            String ours = known.get(item.id());
            JsonNode told = item.input();
            if (ours != null && told != null) {
                if (!keys.ofOurs(ours).equals(keys.ofTheirs(told, clips))) {
                    return false;
                }
                seen = true;
            }
        }
        return seen;
    }

    private int settle(List<OpenSubmit> doubts, Map<UUID, Verdict> verdicts) throws InterruptedException {
        List<Transition> decided = new ArrayList<>();
        for (OpenSubmit doubt : doubts) {
            @Nullable
            Transition transition = transition(doubt, verdicts.getOrDefault(doubt.jobId(), new Verdict.Wait()));
            if (transition != null) {
                decided.add(transition);
            }
        }
        return write(decided, transition -> how(transition.attempt()));
    }

    /** All at once: what waits together is written in one statement. */
    private int write(List<Transition> transitions, Function<Transition, String> by) throws InterruptedException {
        List<Thread> writing = new ArrayList<>();
        for (Transition transition : transitions) {
            writing.add(Thread.ofVirtual().name("reconciled").start(() -> write(transition, by.apply(transition))));
        }
        for (Thread thread : writing) {
            thread.join();
        }
        return writing.size();
    }

    private void write(Transition transition, String by) {
        try {
            KillPoint.reach("reconcile.before");
            if (settler.settle(transition)) {
                KillPoint.reach("reconcile.after");
                metrics.counter("wavequeue.uncertain.resolved", "by", by).increment();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException unwritable) {
            LOG.errorf(unwritable, "the outcome of job %s cannot be written now", transition.jobId());
        }
    }

    private static String how(AttemptChange change) {
        return switch (change) {
            case AttemptChange.Accepted accepted -> "history";
            case AttemptChange.NotCreated notCreated -> "not_created";
            case AttemptChange.GivenUp givenUp -> "allowance";
            default -> "held";
        };
    }

    private @Nullable Transition transition(OpenSubmit doubt, Verdict verdict) {
        return switch (verdict) {
            case Verdict.Wait wait -> null;
            case Verdict.Adopt(String predictionId) -> {
                LOG.warnf("job %s: its lost submit made prediction %s", doubt.jobId(), predictionId);
                yield change(doubt, new Next.Running(), new AttemptChange.Accepted(predictionId, null));
            }
            case Verdict.NotCreated notCreated -> {
                JobError error = JobError.of(
                        ErrorClass.PROVIDER_ERROR,
                        "the provider did not take the submit: its history shows that nothing was made of it");
                Optional<Duration> again = retries.again(
                        new Tried(error, doubt.attempt(), doubt.maxAttempts(), doubt.createdAt()), clock.instant());
                yield change(
                        doubt,
                        again.isPresent() ? new Next.Queued(again.get()) : new Next.Failed(error),
                        new AttemptChange.NotCreated(error));
            }
            case Verdict.Ask(List<Sighting> candidates) -> ask(doubt, candidates);
        };
    }

    private Transition ask(OpenSubmit doubt, List<Sighting> candidates) {
        Map<String, Instant> found = new LinkedHashMap<>();
        candidates.forEach(candidate -> found.put(
                candidate.predictionId(), candidate.createdAt() == null ? Instant.EPOCH : candidate.createdAt()));
        store.note(doubt.jobId(), doubt.attempt(), found);
        JobError error = new JobError(
                ErrorClass.UNCERTAIN_SUBMISSION,
                "it may have been charged: %d predictions of the provider may be its own (%s%s); adopt one, resubmit or abandon"
                        .formatted(
                                found.size(),
                                found.keySet().stream().limit(NAMED_CANDIDATES).collect(Collectors.joining(", ")),
                                found.size() > NAMED_CANDIDATES ? ", …" : ""),
                false);
        boolean mayRepeat = doubt.attempt() < doubt.maxAttempts()
                && config.allowanceUsd().signum() > 0
                && store.spend(doubt.reservedUsd(), config.allowanceUsd());
        return mayRepeat
                ? change(doubt, new Next.Queued(Duration.ZERO), new AttemptChange.GivenUp(error))
                : change(
                        doubt,
                        new Next.Held(HoldReason.UNCERTAIN_SUBMISSION, error),
                        new AttemptChange.StillUncertain(error));
    }

    private Transition change(OpenSubmit doubt, Next next, AttemptChange attempt) {
        return new Transition(doubt.jobId(), doubt.fence(), JobStatus.UNCERTAIN, next, attempt, clock.instant());
    }
}
