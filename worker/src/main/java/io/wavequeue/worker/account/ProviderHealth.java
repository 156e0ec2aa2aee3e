package io.wavequeue.worker.account;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.job.Account;
import io.wavequeue.job.Breaker;
import io.wavequeue.job.Breaker.Failure;
import io.wavequeue.job.Breaker.Policy;
import io.wavequeue.job.Breakers;
import io.wavequeue.job.Breakers.Heard;
import io.wavequeue.job.HoldReason;
import io.wavequeue.store.AccountStore;
import io.wavequeue.store.BreakerStore;
import io.wavequeue.store.BreakerStore.Change;
import io.wavequeue.store.Caution;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.worker.provider.SubmitAnswer;
import io.wavequeue.worker.run.Sleeper;
import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells the breakers, and the account's row, how each submit went, before the job's own change is written: a claim that no
 * longer counts the submit as under way then sees its failure, and a held job its account's hold.
 *
 * <p>While all is well nothing is written: this worker remembers which scopes are in trouble, as its claims saw them.
 */
@ApplicationScoped
public class ProviderHealth {
    /** Breakers that are open, of models and of the account, as all workers see them. */
    static final String OPEN = "wavequeue.breaker.open";

    /** 1 while submitting is stopped, by reason. */
    static final String HELD = "wavequeue.account.held";

    /** Submits per minute since a 429; the limit, or -1 without one, while nothing is slowed. */
    static final String PACE = "wavequeue.account.pace.per.minute";

    private static final Logger LOG = Logger.getLogger(ProviderHealth.class);
    private static final double UNLIMITED = -1;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration AGAIN = Duration.ofMillis(500);
    private static final Duration PROVEN_FOR = Duration.ofSeconds(5);

    private final BreakerStore breakers;
    private final AccountStore accounts;
    private final Sleeper sleeper;
    private final Stopwatch stopwatch;
    private final Policy policy;
    private final Map<String, Stamp> lastAnswer = new ConcurrentHashMap<>();
    private volatile Set<String> troubled = Set.of();
    private final Loop loop = new Loop("provider-health", this::step);
    private volatile int open;
    private volatile @Nullable HoldReason held;
    private volatile double pace = UNLIMITED;

    ProviderHealth(
            BreakerStore breakers,
            AccountStore accounts,
            Sleeper sleeper,
            Stopwatch stopwatch,
            WorkerConfig config,
            MeterRegistry metrics) {
        this.breakers = breakers;
        this.accounts = accounts;
        this.sleeper = sleeper;
        this.stopwatch = stopwatch;
        WorkerConfig.Breaker settings = config.breaker();
        this.policy = new Policy(settings.threshold(), settings.probeFirst(), settings.probeLongest());
        Gauge.builder(OPEN, this, health -> health.open)
                .description("Open breakers, of models and of the account")
                .register(metrics);
        Gauge.builder(PACE, this, health -> health.pace)
                .description("Submits per minute that a 429 leaves; the limit while nothing is slowed, -1 without one")
                .register(metrics);
        for (HoldReason reason :
                new HoldReason[] {HoldReason.PAUSED, HoldReason.UNAUTHORIZED, HoldReason.OUT_OF_CREDITS}) {
            Gauge.builder(HELD, this, health -> reason == health.held ? 1 : 0)
                    .description("1 while submitting is stopped for this reason")
                    .tag("reason", reason.code())
                    .register(metrics);
        }
    }

    void onStart(@Observes StartupEvent start) {
        loop.start();
    }

    void onStop(@Observes ShutdownEvent stop) {
        loop.stop();
    }

    Policy policy() {
        return policy;
    }

    /** What a claim is to know. */
    public Caution caution() {
        Set<String> proven = lastAnswer.entrySet().stream()
                .filter(answer -> stopwatch.since(answer.getValue()).compareTo(PROVEN_FOR) < 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
        return new Caution(proven, policy.threshold());
    }

    /** The scopes in trouble, as a claim saw them just now. */
    public void troubled(Set<String> scopes) {
        troubled = scopes;
    }

    /** Tells the breakers, and the account that is refused, what became of the submit; returns the answer. */
    public SubmitAnswer heard(ClaimedJob job, SubmitAnswer answer) {
        switch (answer) {
            case SubmitAnswer.Accepted ignored -> answered(job, Heard.ACCEPTED);
            case SubmitAnswer.Refused ignored -> answered(job, Heard.REFUSED);
            case SubmitAnswer.Throttled ignored -> answered(job, Heard.REFUSED);
            case SubmitAnswer.Uncertain uncertain ->
                failed(new Failure(
                        job.model(), job.jobId(), true, uncertain.error().message()));
            case SubmitAnswer.NotSent notSent -> {
                if (notSent.providerAway()) {
                    failed(new Failure(job.model(), job.jobId(), false, "no connection: " + notSent.reason()));
                }
            }
            case SubmitAnswer.AccountTrouble trouble -> stopSubmitting(job, trouble);
        }
        return answer;
    }

    private void answered(ClaimedJob job, Heard heard) {
        lastAnswer.put(job.model(), stopwatch.stamp());
        Set<String> trouble = troubled;
        if (!trouble.contains(job.model()) && !trouble.contains(Breaker.ACCOUNT)) {
            return;
        }
        try {
            seen(breakers.answered(job.model(), job.jobId(), job.attempt(), heard));
        } catch (DatabaseAwayException away) {
            LOG.warnf("the breaker hears of the next answer: %s", away.getMessage());
        }
    }

    private void failed(Failure failure) {
        lastAnswer.remove(failure.model());
        patiently(() -> seen(breakers.failed(failure, policy)));
    }

    /** A job that is held while its account is not would be released, and sent again. */
    private void stopSubmitting(ClaimedJob job, SubmitAnswer.AccountTrouble trouble) {
        AtomicBoolean isProbe = new AtomicBoolean();
        if (trouble.reason() == HoldReason.OUT_OF_CREDITS) {
            patiently(() -> isProbe.set(breakers.refusedForCredit(job.jobId(), trouble.message(), policy)));
        }
        patiently(() -> held(trouble, isProbe.get()));
    }

    /** One ERROR line per stop: the others that were under way find the account held, and a probe changes nothing. */
    private void held(SubmitAnswer.AccountTrouble trouble, boolean isProbe) {
        if (!accounts.hold(trouble.reason(), trouble.message())) {
            return;
        }
        if (isProbe) {
            LOG.warnf("submitting stays stopped: %s", trouble.message());
        } else {
            LOG.errorf("submitting is stopped: %s", trouble.message());
        }
    }

    /** However long the database is away: a failure that is not counted would let the backlog go. */
    private void patiently(Runnable write) {
        while (true) {
            try {
                write.run();
                return;
            } catch (DatabaseAwayException away) {
                LOG.warnf("what the provider said of the account waits: %s", away.getMessage());
            }
            try {
                sleeper.sleep(AGAIN);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void seen(Change change) {
        look(change.after());
        for (Breaker opened : change.after().openedSince(change.before())) {
            if (opened.isAccount()) {
                LOG.errorf(
                        "the provider does not answer, for more than one model: one submit is tried in %s, all others wait (%s)",
                        opened.probeWait(), opened.reason());
            } else {
                LOG.warnf(
                        "breaker open for %s after %d unanswered submits in a row: one is tried in %s, the others wait (%s)",
                        opened.scope(), opened.failures(), opened.probeWait(), opened.reason());
            }
        }
        for (Breaker closed : change.before().openedSince(change.after())) {
            LOG.infof(
                    "breaker closed for %s: the provider answers", closed.isAccount() ? "the account" : closed.scope());
        }
    }

    private void look(Breakers now) {
        troubled = now.scopes();
        open = now.open().size();
    }

    /** A loop's edge: what other workers changed is shown here too. */
    private Duration step() {
        try {
            look(breakers.read());
            Account.Hold hold = accounts.read().hold();
            held = hold == null ? null : hold.reason();
            pace = accounts.submitsPerMinute().orElse(UNLIMITED);
        } catch (DatabaseAwayException away) {
            LOG.debugf("the breakers are not known just now: %s", away.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("looking at the breakers failed and is tried again", failure);
        }
        return LOOK_EVERY;
    }
}
