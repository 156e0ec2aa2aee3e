package io.wavequeue.worker.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.admission.InputKeys;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.LeaseStore;
import io.wavequeue.store.ReconcileStore;
import io.wavequeue.store.ReconcileStore.OpenSubmit;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.worker.provider.HistoryItem;
import io.wavequeue.worker.provider.WaveSpeed;
import io.wavequeue.worker.reconcile.Judgement.Grace;
import io.wavequeue.worker.reconcile.Judgement.Keys;
import io.wavequeue.worker.reconcile.Judgement.Reading;
import io.wavequeue.worker.reconcile.Verdicts.Sighting;
import io.wavequeue.worker.reconcile.Verdicts.Submit;
import io.wavequeue.worker.reconcile.Verdicts.Verdict;
import io.wavequeue.worker.run.Heartbeat;
import io.wavequeue.worker.run.Sleeper;
import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import io.wavequeue.worker.run.WorkerConfig;
import io.wavequeue.worker.settle.RetryDecider;
import io.wavequeue.worker.settle.Settler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

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
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final ReconcileStore store;
    private final LeaseStore leases;
    private final WaveSpeed provider;
    private final Catalogue catalogue;
    private final Settler settler;
    private final Judgement judgement;
    private final Heartbeat heartbeat;
    private final ReconcileConfig config;
    private final WorkerConfig worker;
    private final InstantSource clock;
    private final Stopwatch stopwatch;
    private final Stamp began;
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
            Stopwatch stopwatch,
            Sleeper sleeper,
            WebhookJudge webhooks,
            MeterRegistry metrics) {
        this.store = store;
        this.leases = leases;
        this.provider = provider;
        this.catalogue = catalogue;
        this.settler = settler;
        this.judgement = new Judgement(
                new Grace(
                        worker.submitWindow().plus(worker.submitTimeout()), config.historyLag(), config.clockMargin()),
                retries);
        this.heartbeat = heartbeat;
        this.config = config;
        this.worker = worker;
        this.clock = clock;
        this.stopwatch = stopwatch;
        this.began = stopwatch.stamp();
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
        int settled = write(webhooks.judge(), transition -> "webhook").size();
        Map<String, List<OpenSubmit>> byModel = store.uncertain(MOST_AT_ONCE).stream()
                .collect(Collectors.groupingBy(OpenSubmit::model, LinkedHashMap::new, Collectors.toList()));
        interests.keySet().retainAll(byModel.keySet());
        for (Map.Entry<String, List<OpenSubmit>> model : byModel.entrySet()) {
            if (isDue(model.getKey(), model.getValue())) {
                settled += judge(model.getKey());
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
            if (now.isBefore(last.next()) && doubts.stream().noneMatch(judgement::isRipe)) {
                return false;
            }
            Duration doubled = last.pause().multipliedBy(2);
            pause = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
        }
        interests.put(model, new Interest(jobs, pause, now.plus(pause)));
        return true;
    }

    /** All of the model's: those of an equal input would wait for one that is left out. */
    private int judge(String model) throws InterruptedException {
        Stamp asked = stopwatch.stamp();
        List<OpenSubmit> doubts = store.open(model).stream()
                .filter(submit -> submit.status() == JobStatus.UNCERTAIN)
                .toList();
        if (doubts.isEmpty()) {
            return 0;
        }
        try {
            Instant theirs = providerTime(asked);
            Optional<Duration> ahead = judgement.ahead(doubts.getFirst().readAt(), theirs, stopwatch.since(asked));
            if (ahead.isEmpty()) {
                LOG.infof("the provider's clock could not be read in time; %s is judged later", model);
                return 0;
            }
            InputKeys keys = new InputKeys(catalogue, model);
            History history = history(model, judgement.submits(doubts, ahead.get(), keys::ofOurs));
            return settle(doubts, verdicts(model, doubts, history, ahead.get(), keys));
        } catch (IOException trouble) {
            LOG.warnf("the evidence for %d submits of %s cannot be read now: %s", doubts.size(), model, trouble);
            return 0;
        }
    }

    /** Told after the rows were asked for. A provider that never tells its time is taken to have ours. */
    private Instant providerTime(Stamp asked) throws IOException, InterruptedException {
        try {
            provider.balance();
        } catch (IOException trouble) {
            LOG.debugf("of this answer only the date counts: %s", trouble.getMessage());
        }
        Optional<Instant> told = provider.timeToldSince(asked);
        if (told.isEmpty() && provider.timeToldSince(began).isPresent()) {
            throw new IOException("the provider did not tell its time");
        }
        return told.orElseGet(clock::instant);
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

    private Map<UUID, Verdict> verdicts(
            String model, List<OpenSubmit> doubts, History history, Duration ahead, InputKeys keys)
            throws IOException, InterruptedException {
        Map<String, String> known =
                store.known(history.items().stream().map(HistoryItem::id).toList());
        List<HistoryItem> items = told(history.items(), known);
        Map<String, String> clips = store.clips(items.stream()
                .map(HistoryItem::input)
                .filter(Objects::nonNull)
                .flatMap(input -> keys.addresses(input).stream())
                .toList());
        Reading read = new Reading(doubts, ahead, items, history.complete(), known, store.open(model));
        return judgement.judge(read, new Keys(keys::ofOurs, input -> keys.ofTheirs(input, clips)));
    }

    /** Where the history does not tell an input, the prediction itself is asked. */
    private List<HistoryItem> told(List<HistoryItem> items, Map<String, String> known)
            throws IOException, InterruptedException {
        List<HistoryItem> told = new ArrayList<>();
        int looks = 0;
        for (HistoryItem item : items) {
            if (item.input() == null && !known.containsKey(item.id()) && looks++ < MOST_LOOKS) {
                JsonNode input =
                        provider.told(item.id()).map(HistoryItem::input).orElse(null);
                told.add(new HistoryItem(item.id(), item.model(), item.createdAt(), input));
            } else {
                told.add(item);
            }
        }
        return told;
    }

    /**
     * What is found is written first. Only when all of that holds is the rest absent: if somebody else gave one of these
     * predictions to another submit meanwhile, then the one that was to have it is left without, and not this one.
     */
    private int settle(List<OpenSubmit> doubts, Map<UUID, Verdict> verdicts) throws InterruptedException {
        List<Transition> found = new ArrayList<>();
        for (OpenSubmit doubt : doubts) {
            if (verdicts.get(doubt.jobId()) instanceof Verdict.Adopt adopt) {
                LOG.warnf("job %s: its lost submit made prediction %s", doubt.jobId(), adopt.predictionId());
                judgement.transition(doubt, adopt, false, clock.instant()).ifPresent(found::add);
            }
        }
        int written = write(found, transition -> "history").size();
        if (written < found.size()) {
            return written;
        }
        List<Transition> rest = new ArrayList<>();
        Map<UUID, BigDecimal> spent = new HashMap<>();
        for (OpenSubmit doubt : doubts) {
            Verdict verdict = verdicts.getOrDefault(doubt.jobId(), new Verdict.Wait());
            if (!(verdict instanceof Verdict.Adopt)) {
                boolean mayRepeat =
                        verdict instanceof Verdict.Ask(List<Sighting> candidates) && noted(doubt, candidates);
                if (mayRepeat) {
                    spent.put(doubt.jobId(), doubt.reservedUsd());
                }
                judgement.transition(doubt, verdict, mayRepeat, clock.instant()).ifPresent(rest::add);
            }
        }
        Set<UUID> settled = write(rest, transition -> how(transition.attempt()));
        spent.keySet().removeAll(settled);
        spent.values().forEach(store::giveBack);
        return written + settled.size();
    }

    /** All at once: what waits together is written in one statement. Returns the jobs that were changed. */
    private Set<UUID> write(List<Transition> transitions, Function<Transition, String> by) throws InterruptedException {
        Set<UUID> applied = ConcurrentHashMap.newKeySet();
        List<Thread> writing = new ArrayList<>();
        for (Transition transition : transitions) {
            writing.add(Thread.ofVirtual().name("reconciled").start(() -> {
                if (isWritten(transition, by.apply(transition))) {
                    applied.add(transition.jobId());
                }
            }));
        }
        for (Thread thread : writing) {
            thread.join();
        }
        return applied;
    }

    private boolean isWritten(Transition transition, String by) {
        try {
            KillPoint.reach("reconcile.before");
            if (settler.settle(transition)) {
                KillPoint.reach("reconcile.after");
                metrics.counter("wavequeue.uncertain.resolved", "by", by).increment();
                return true;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException unwritable) {
            LOG.errorf(unwritable, "the outcome of job %s cannot be written now", transition.jobId());
        }
        return false;
    }

    private static String how(AttemptChange change) {
        return switch (change) {
            case AttemptChange.NotCreated notCreated -> "not_created";
            case AttemptChange.GivenUp givenUp -> "allowance";
            default -> "held";
        };
    }

    /** Keeps the candidates. Returns whether the allowance covers a second payment. */
    private boolean noted(OpenSubmit doubt, List<Sighting> candidates) {
        Map<String, Instant> found = new LinkedHashMap<>();
        candidates.forEach(candidate -> found.put(
                candidate.predictionId(), candidate.createdAt() == null ? Instant.EPOCH : candidate.createdAt()));
        store.note(doubt.jobId(), doubt.attempt(), found);
        return doubt.attempt() < doubt.maxAttempts()
                && config.allowanceUsd().signum() > 0
                && store.spend(doubt.reservedUsd(), config.allowanceUsd());
    }
}
