package io.wavequeue.worker.settle;

import io.wavequeue.job.Transition;
import io.wavequeue.store.DatabaseAwayException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * One batch on its way into the database, through as many tries as it takes. A commit whose reply was lost is settled by
 * reading the rows back, never by guessing: who took "written already" for "taken over" would drop a job that it holds.
 */
final class Writing {
    private final List<Transition> batch;
    private final Set<UUID> written = new HashSet<>();
    private boolean unknown;

    Writing(List<Transition> batch) {
        this.batch = List.copyOf(batch);
    }

    /** What a batch is written to. Each call is a transaction. */
    interface Rows {
        /** Returns the jobs that were changed. */
        Set<UUID> apply(List<Transition> transitions);

        /** Returns the jobs whose rows show the change. */
        Set<UUID> readBack(List<Transition> transitions);
    }

    /**
     * Tries once.
     *
     * @return the jobs that were changed by this try or an earlier one; the others are somebody else's by now
     * @throws DatabaseAwayException when it has to be tried again
     */
    Set<UUID> write(Rows rows) {
        try {
            if (unknown) {
                written.addAll(rows.readBack(batch));
            }
            List<Transition> rest = batch.stream()
                    .filter(transition -> !written.contains(transition.jobId()))
                    .toList();
            if (rest.isEmpty()) {
                return written;
            }
            written.addAll(rows.apply(rest));
            if (unknown) {
                // A commit that was still under way held the rows, and applying has waited for them.
                written.addAll(rows.readBack(batch));
            }
            return written;
        } catch (DatabaseAwayException away) {
            unknown |= away.isCommitUnknown();
            throw away;
        }
    }
}
