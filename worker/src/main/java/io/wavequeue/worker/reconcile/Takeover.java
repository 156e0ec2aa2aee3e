package io.wavequeue.worker.reconcile;

import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.Fences;
import io.wavequeue.store.WorkerStore;
import io.wavequeue.store.WorkerStore.RunningJob;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.worker.claim.Places;
import io.wavequeue.worker.run.Heartbeat;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Takes over what ended workers held, as far as there is room. */
@ApplicationScoped
public class Takeover {
    private static final Logger LOG = Logger.getLogger(Takeover.class);
    private static final int MOST_AT_ONCE = 500;

    private final WorkerStore workers;
    private final Fences fences;
    private final Places places;
    private final Heartbeat heartbeat;

    /** Fence of a take-over whose commit's reply was lost; 0 = none. Used by one thread. */
    private long unsettledFence;

    Takeover(WorkerStore workers, Fences fences, Places places, Heartbeat heartbeat) {
        this.workers = workers;
        this.fences = fences;
        this.places = places;
        this.heartbeat = heartbeat;
    }

    /** Running predictions that now are this worker's; a place is reserved for each. */
    public List<RunningJob> adopt() {
        int room = places.reserveFollowed(MOST_AT_ONCE);
        int used = 0;
        try {
            List<RunningJob> adopted = adopt(room);
            used = adopted.size();
            if (used > 0) {
                LOG.infof("adopted %d running predictions of ended workers", used);
            }
            return adopted;
        } finally {
            // Those read back may be more than there is room for now; they are ours all the same.
            places.jobsEnded(room - used);
        }
    }

    private List<RunningJob> adopt(int room) {
        long unsettled = unsettledFence;
        if (unsettled != 0) {
            List<RunningJob> before = workers.readBack(heartbeat.workerId(), unsettled);
            unsettledFence = 0;
            return before;
        }
        if (room == 0) {
            return List.of();
        }
        long fence = fences.next();
        try {
            KillPoint.reach("adopt.before");
            List<RunningJob> adopted = workers.adopt(heartbeat.workerId(), fence, room);
            if (!adopted.isEmpty()) {
                KillPoint.reach("adopt.after");
            }
            return adopted;
        } catch (DatabaseAwayException away) {
            unsettledFence = away.isCommitUnknown() ? fence : 0;
            throw away;
        }
    }

    /** Submits that nobody saw the end of become uncertain. Returns how many. */
    public int doubt() {
        KillPoint.reach("doubt.before");
        List<UUID> doubted = workers.doubt(fences.next(), MOST_AT_ONCE);
        if (!doubted.isEmpty()) {
            KillPoint.reach("doubt.after");
            LOG.warnf("%d submits of ended workers are uncertain now: they may have been charged", doubted.size());
        }
        return doubted.size();
    }
}
