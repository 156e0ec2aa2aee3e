package io.wavequeue.job;

import io.wavequeue.job.Breaker.Cause;
import io.wavequeue.job.Breaker.Failure;
import io.wavequeue.job.Breaker.Policy;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The breakers of all scopes that are in trouble, and how answers change them. Immutable; no scope = all is well.
 *
 * <p>Two open models open the account's. The account's, while open, stands for all: one probe over all models.
 */
public final class Breakers {
    /** No trouble anywhere. */
    public static final Breakers NONE = new Breakers(new TreeMap<>());

    private static final int MODELS_THAT_OPEN_THE_ACCOUNT = 2;

    private final SortedMap<String, Breaker> byScope;

    private Breakers(SortedMap<String, Breaker> byScope) {
        this.byScope = Collections.unmodifiableSortedMap(byScope);
    }

    public static Breakers of(Collection<Breaker> breakers) {
        SortedMap<String, Breaker> byScope = new TreeMap<>();
        breakers.forEach(breaker -> byScope.put(breaker.scope(), breaker));
        return new Breakers(byScope);
    }

    /** What kind of answer the provider gave. */
    public enum Heard {
        /** It took the submit. */
        ACCEPTED,
        /** It refused it, for now or for good: it is there, whatever it thinks of the request. */
        REFUSED
    }

    public boolean isEmpty() {
        return byScope.isEmpty();
    }

    public List<Breaker> all() {
        return List.copyOf(byScope.values());
    }

    public Set<String> scopes() {
        return byScope.keySet();
    }

    public @Nullable Breaker of(String scope) {
        return byScope.get(scope);
    }

    /** The account's, which is always open when it is there. */
    public @Nullable Breaker account() {
        return byScope.get(Breaker.ACCOUNT);
    }

    /** Those of models, open or counting. */
    public List<Breaker> models() {
        return byScope.values().stream().filter(breaker -> !breaker.isAccount()).toList();
    }

    public List<Breaker> open() {
        return byScope.values().stream().filter(Breaker::isOpen).toList();
    }

    /** Those that are open here and were not open before. */
    public List<Breaker> openedSince(Breakers before) {
        return open().stream().filter(now -> !isOpen(before, now.scope())).toList();
    }

    private static boolean isOpen(Breakers breakers, String scope) {
        Breaker breaker = breakers.of(scope);
        return breaker != null && breaker.isOpen();
    }

    /** A submit went unanswered. */
    public Breakers failed(Failure failure, Instant now, Policy policy) {
        Breaker old = of(failure.model());
        Breaker model = old == null ? Breaker.firstFailure(failure, now, policy) : old.failed(failure, now, policy);
        Breakers changed = with(model);
        Breaker account = account();
        if (account != null) {
            return changed.with(account.failed(failure, now, policy));
        }
        long openModels = changed.models().stream().filter(Breaker::isOpen).count();
        boolean justOpened = model.isOpen() && (old == null || !old.isOpen());
        return justOpened && openModels >= MODELS_THAT_OPEN_THE_ACCOUNT
                ? changed.with(Breaker.account(Cause.UNANSWERED, failure.reason(), now, policy))
                : changed;
    }

    /**
     * The provider answered. It closes the model's breaker and the account's, when the submit was claimed after they
     * opened; the other models' are due for a probe at once, since a probe costs less than to trust them all again.
     * Without credit, only an accepted submit says that there is some again.
     */
    public Breakers answered(String model, UUID jobId, Instant claimedAt, Heard heard, Instant now) {
        Breakers changed = this;
        Breaker own = of(model);
        if (own != null && own.hears(jobId, claimedAt)) {
            changed = changed.without(model);
        }
        Breaker account = account();
        if (account == null || !account.hears(jobId, claimedAt)) {
            return changed;
        }
        if (account.cause() == Cause.OUT_OF_CREDITS && heard != Heard.ACCEPTED) {
            return changed;
        }
        changed = changed.without(Breaker.ACCOUNT);
        for (Breaker open : changed.open()) {
            changed = changed.with(open.dueAt(now));
        }
        return changed;
    }

    /** The provider refused a submit for want of credit. */
    public Breakers refusedForCredit(UUID jobId, String why, Instant now, Policy policy) {
        Breaker account = account();
        return with(
                account != null && account.cause() == Cause.OUT_OF_CREDITS
                        ? account.refusedForCredit(jobId, why, now)
                        : Breaker.account(Cause.OUT_OF_CREDITS, why, now, policy));
    }

    /** Whether the balance is worth a probe: it is higher than at the last one, or the wait is over. */
    public boolean isWorthAProbe(BigDecimal balanceUsd, Instant now) {
        Breaker account = account();
        if (account == null || account.cause() != Cause.OUT_OF_CREDITS) {
            return true;
        }
        BigDecimal last = account.balanceUsd();
        return account.isDue(now) || (last != null && balanceUsd.compareTo(last) > 0);
    }

    /** One probe may go now, of a job that this balance covers. */
    public Breakers probeCredit(BigDecimal balanceUsd, String why, Instant now, Policy policy) {
        Breaker account = account();
        Breaker credit = account != null && account.cause() == Cause.OUT_OF_CREDITS
                ? account
                : Breaker.account(Cause.OUT_OF_CREDITS, why, now, policy);
        return with(credit.balance(balanceUsd).dueAt(now));
    }

    /** The balance that probes may cost, as told just now. */
    public Breakers balance(BigDecimal balanceUsd) {
        Breaker account = account();
        return account != null && account.cause() == Cause.OUT_OF_CREDITS ? with(account.balance(balanceUsd)) : this;
    }

    /** The same with one in another state. */
    public Breakers with(Breaker breaker) {
        SortedMap<String, Breaker> changed = new TreeMap<>(byScope);
        changed.put(breaker.scope(), breaker);
        return new Breakers(changed);
    }

    private Breakers without(String scope) {
        SortedMap<String, Breaker> changed = new TreeMap<>(byScope);
        changed.remove(scope);
        return new Breakers(changed);
    }

    /** Breakers to write: those that differ from before. */
    public List<Breaker> changedSince(Breakers before) {
        List<Breaker> changed = new ArrayList<>();
        for (Map.Entry<String, Breaker> entry : byScope.entrySet()) {
            if (!entry.getValue().equals(before.of(entry.getKey()))) {
                changed.add(entry.getValue());
            }
        }
        return changed;
    }

    /** Scopes that were in trouble before and are not any more. */
    public List<String> goneSince(Breakers before) {
        return before.scopes().stream()
                .filter(scope -> !byScope.containsKey(scope))
                .toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Breakers that && byScope.equals(that.byScope);
    }

    @Override
    public int hashCode() {
        return byScope.hashCode();
    }

    @Override
    public String toString() {
        return byScope.values().toString();
    }
}
