package io.wavequeue.worker.claim;

import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Signal;
import io.wavequeue.job.Lane;
import io.wavequeue.store.ClaimStore;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimResult;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.DispatchStore;
import io.wavequeue.store.Fences;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.wiring.Webhooks;
import io.wavequeue.worker.account.ProviderHealth;
import io.wavequeue.worker.run.Heartbeat;
import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jboss.logging.Logger;

/**
 * Claims a batch of candidates as permits come free, for a few seconds; what finds none by then is made due again. What
 * a breaker stops is made due again at once: other models' records wait behind it.
 *
 * <p>While the database is away it waits, however long.
 */
@ApplicationScoped
public class Claimer {
    private static final Logger LOG = Logger.getLogger(Claimer.class);
    private static final Duration ROOM_WITHIN = Duration.ofMillis(150);
    private static final Duration DUE_AGAIN_IN = Duration.ofMillis(500);
    /** So long, and the way through Kafka, bulk claims leave a permit to an interactive job that waits ({@code LanePriority}). */
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(3);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);
    private static final Duration DATABASE_AGAIN = Duration.ofMillis(500);

    private final ClaimStore store;
    private final DispatchStore dispatch;
    private final Fences fences;
    private final Places places;
    private final Heartbeat heartbeat;
    private final ProviderHealth health;
    private final Stopwatch stopwatch;
    private final Webhooks webhooks;
    private final LookAgain lookAgain;
    private final Duration patience;
    /** One each: a wake that bulk took would leave an interactive job to its next look. */
    private final Map<Lane, Signal> permitFreed = Map.of(Lane.INTERACTIVE, new Signal(), Lane.BULK, new Signal());

    private final ReadWriteLock claiming = new ReentrantReadWriteLock();
    private volatile boolean stopping;

    Claimer(
            ClaimStore store,
            DispatchStore dispatch,
            Fences fences,
            Places places,
            Heartbeat heartbeat,
            ProviderHealth health,
            Stopwatch stopwatch,
            Webhooks webhooks,
            LookAgain lookAgain,
            WorkerConfig config) {
        this.store = store;
        this.dispatch = dispatch;
        this.fences = fences;
        this.places = places;
        this.heartbeat = heartbeat;
        this.health = health;
        this.stopwatch = stopwatch;
        this.webhooks = webhooks;
        this.lookAgain = lookAgain;
        this.patience = config.permitPatience();
        if (patience.compareTo(LONGEST_PATIENCE) > 0) {
            throw new IllegalArgumentException(
                    "wavequeue.worker.permit-patience (%s) must be at most %s".formatted(patience, LONGEST_PATIENCE));
        }
    }

    /** Made at the start, so that a wrong setting ends it. */
    void onStart(@Observes StartupEvent start) {}

    /** Takes a claimed job over; its place and its submit connection are reserved. */
    @FunctionalInterface
    public interface Launch {
        /** @param claimAsked taken before the claim was requested: the submit's time runs from there */
        void launch(ClaimedJob job, Stamp claimAsked);
    }

    /** A permit may have come free. */
    public void wake() {
        permitFreed.values().forEach(Signal::wake);
    }

    /** Claims nothing more. Waits a moment for a claim that is under way, so that what it launches is seen. */
    public void stop() throws InterruptedException {
        stopping = true;
        wake();
        if (claiming.writeLock().tryLock(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            claiming.writeLock().unlock();
        } else {
            LOG.warn("a claim is still under way at the end; its submits are not started");
        }
    }

    /**
     * Claims and launches what it can.
     *
     * @return the candidates that claimed nothing and wait for nothing: old records, or jobs that are not there
     */
    public Set<Candidate> claim(Lane lane, List<Candidate> candidates, Launch launch) throws InterruptedException {
        Set<Candidate> idle = new HashSet<>(candidates);
        List<Candidate> waiting = candidates;
        Stamp began = stopwatch.stamp();
        while (!waiting.isEmpty() && !stopping && stopwatch.since(began).compareTo(patience) < 0) {
            int before = waiting.size();
            ClaimResult result = claimOnce(lane, waiting, launch, idle);
            waiting = result.waiting();
            if (waiting.size() == before) {
                freed(lane).await(shorter(lookAgain.in(result.throttledFor()), patience.minus(stopwatch.since(began))));
            }
        }
        idle.removeAll(waiting);
        release(waiting);
        return idle;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Signal freed(Lane lane) {
        return Objects.requireNonNull(permitFreed.get(lane));
    }

    private ClaimResult claimOnce(Lane lane, List<Candidate> waiting, Launch launch, Set<Candidate> idle)
            throws InterruptedException {
        int reserved = places.reserve(lane, waiting.size(), ROOM_WITHIN);
        int used = 0;
        claiming.readLock().lock();
        try {
            if (reserved == 0 || stopping || !heartbeat.isFresh()) {
                return new ClaimResult(List.of(), waiting);
            }
            Stamp asked = stopwatch.stamp();
            ClaimResult result = claimOrReadBack(lane, reserved, waiting);
            Set<UUID> claimed = new HashSet<>();
            for (ClaimedJob job : result.claimed()) {
                claimed.add(job.jobId());
                used++;
                launch.launch(job, asked);
            }
            idle.removeIf(candidate -> claimed.contains(candidate.jobId()));
            result.stopped().forEach(idle::remove);
            release(result.stopped());
            return result;
        } finally {
            claiming.readLock().unlock();
            places.unused(reserved - used);
        }
    }

    /** The fence is known before the claim, so that a commit whose reply was lost can be settled by reading back. */
    private ClaimResult claimOrReadBack(Lane lane, int capacity, List<Candidate> waiting) throws InterruptedException {
        boolean unknown = false;
        long fence = 0;
        while (true) {
            try {
                if (!unknown) {
                    fence = fences.next();
                    KillPoint.reach("claim.before");
                    ClaimResult result = store.claim(
                            heartbeat.workerId(), fence, lane, capacity, waiting, health.caution(), webhooks.areOn());
                    if (!result.claimed().isEmpty()) {
                        KillPoint.reach("claim.after");
                    }
                    health.troubled(result.troubled());
                    return result;
                }
                List<ClaimedJob> claimed = store.readBack(heartbeat.workerId(), fence);
                LOG.infof("the reply to a claim was lost; %d jobs had been claimed", claimed.size());
                return new ClaimResult(claimed, List.of());
            } catch (DatabaseAwayException away) {
                unknown |= away.isCommitUnknown();
                LOG.warnf("claiming waits: %s", away.getMessage());
                freed(lane).await(DATABASE_AGAIN);
                if (stopping && !unknown) {
                    return new ClaimResult(List.of(), waiting);
                }
            }
        }
    }

    /** Should the database be away just now, the rows' own re-send brings them back. */
    private void release(List<Candidate> waiting) {
        if (waiting.isEmpty()) {
            return;
        }
        try {
            dispatch.release(waiting, DUE_AGAIN_IN);
        } catch (DatabaseAwayException away) {
            LOG.warnf(
                    "%d jobs that found no permit are sent again within a minute: %s",
                    waiting.size(), away.getMessage());
        }
    }
}
