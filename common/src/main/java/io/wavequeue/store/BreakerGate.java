package io.wavequeue.store;

import io.wavequeue.job.Breaker;
import io.wavequeue.job.Breaker.Cause;
import io.wavequeue.job.Breakers;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which of a claim's candidates the breakers let through. Pure: made for one claim, from what its transaction read.
 *
 * <p>A model in good health has no limit. While its failures are counted, as many may be under way as are left until it
 * opens. Open, one probe may, when it is due and no other submit of the scope is under way. A model of which
 * nobody has heard an answer lately begins with the threshold, over all workers.
 */
final class BreakerGate {
    /** What becomes of a candidate. */
    enum Pass {
        /** It may be claimed. */
        GO,
        /** It waits as if for a permit. */
        WAIT,
        /** It has to go back: the breaker is open. */
        BACK
    }

    /** A candidate as the gate sees it. */
    record Waiting(UUID jobId, String model, @Nullable BigDecimal reserveUsd) {}

    /**
     * Submits of a model that are under way, by all workers.
     *
     * @param answered whether the provider took one lately, whoever sent it
     */
    record UnderWay(String model, int all, boolean answered) {
        static UnderWay of(ResultSet row) throws SQLException {
            return new UnderWay(row.getString("model"), row.getInt("submits"), row.getBoolean("answered"));
        }
    }

    private final Breakers before;
    private final Caution caution;
    private final Instant now;
    private final Map<String, Integer> room = new HashMap<>();
    private final Map<String, UUID> picks = new HashMap<>();
    private final Map<String, UnderWay> underWay;
    private Breakers after;

    BreakerGate(Breakers breakers, Map<String, UnderWay> underWay, Caution caution, Instant now) {
        this.before = breakers;
        this.after = breakers;
        this.underWay = underWay;
        this.caution = caution;
        this.now = now;
    }

    /** Chooses the probes among the candidates; to be called before any is asked for. */
    void choose(Collection<Waiting> candidates) {
        Breaker account = before.account();
        if (account != null) {
            choose(account, candidates.stream().toList());
            return;
        }
        for (Breaker open : before.open()) {
            choose(
                    open,
                    candidates.stream()
                            .filter(candidate -> candidate.model().equals(open.scope()))
                            .toList());
        }
    }

    private void choose(Breaker breaker, List<Waiting> candidates) {
        if (!breaker.isDue(now) || isProbing(breaker)) {
            return;
        }
        Optional<Waiting> pick = breaker.cause() == Cause.OUT_OF_CREDITS
                ? candidates.stream()
                        .filter(candidate -> isCovered(candidate, breaker.balanceUsd()))
                        .min(Comparator.comparing(Waiting::reserveUsd, Comparator.nullsLast(Comparator.naturalOrder())))
                : candidates.stream()
                        .min(Comparator.comparing(
                                        (Waiting candidate) -> candidate.jobId().equals(breaker.lastJobId()))
                                .thenComparing(candidate -> isOpen(candidate.model())));
        pick.ifPresent(waiting -> picks.put(breaker.scope(), waiting.jobId()));
    }

    private boolean isProbing(Breaker breaker) {
        return breaker.isAccount()
                ? underWay.values().stream().anyMatch(submits -> submits.all() > 0)
                : submits(breaker.scope()).all() > 0;
    }

    private static boolean isCovered(Waiting candidate, @Nullable BigDecimal balanceUsd) {
        return balanceUsd == null
                || candidate.reserveUsd() == null
                || candidate.reserveUsd().compareTo(balanceUsd) <= 0;
    }

    private boolean isOpen(String model) {
        Breaker breaker = before.of(model);
        return breaker != null && breaker.isOpen();
    }

    /** Probes that would be the same job as the last one: they go only when no other job waits. */
    List<Breaker> repeated() {
        return before.open().stream()
                .filter(breaker -> breaker.cause() == Cause.UNANSWERED)
                .filter(breaker ->
                        breaker.lastJobId() != null && breaker.lastJobId().equals(picks.get(breaker.scope())))
                .toList();
    }

    void noProbe(Breaker breaker) {
        picks.remove(breaker.scope());
    }

    Pass ask(Waiting candidate) {
        Breaker open = openFor(candidate.model());
        if (open != null) {
            return candidate.jobId().equals(picks.get(open.scope())) ? Pass.GO : Pass.BACK;
        }
        return room(candidate.model()) > 0 ? Pass.GO : Pass.WAIT;
    }

    void taken(Waiting candidate) {
        Breaker open = openFor(candidate.model());
        if (open != null) {
            after = after.with(open.probed(candidate.jobId(), now));
        } else {
            room.merge(candidate.model(), -1, Integer::sum);
        }
    }

    Breakers after() {
        return after;
    }

    private @Nullable Breaker openFor(String model) {
        Breaker account = before.account();
        Breaker own = before.of(model);
        return account != null ? account : own != null && own.isOpen() ? own : null;
    }

    private int room(String model) {
        return room.computeIfAbsent(model, this::freshRoom);
    }

    private int freshRoom(String model) {
        UnderWay submits = submits(model);
        int unlimited = Integer.MAX_VALUE;
        Breaker counting = before.of(model);
        int untilOpen = counting == null ? unlimited : counting.threshold() - counting.failures() - submits.all();
        boolean proven = caution.isProven(model) || submits.answered();
        int unproven = proven ? unlimited : caution.atFirst() - submits.all();
        return Math.min(untilOpen, unproven);
    }

    private UnderWay submits(String model) {
        return underWay.getOrDefault(model, new UnderWay(model, 0, false));
    }
}
