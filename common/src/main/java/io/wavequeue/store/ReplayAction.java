package io.wavequeue.store;

import io.wavequeue.catalogue.FieldError;
import io.wavequeue.job.BulkKind;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.ReplayFacts;
import io.wavequeue.job.SkipReason;
import io.wavequeue.store.OverridesRefusedException.Fault;
import io.wavequeue.store.ReplayInputs.Checked;
import io.wavequeue.store.ReplayRows.Candidate;
import io.wavequeue.store.ReplayRows.Going;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Has jobs that ended go again.
 *
 * <p>A dry run, the making of a replay and its carrying out all ask {@link ReplayFacts} and {@link ReplayInputs}, so that they
 * cannot say different things. The job keeps its id, its attempts and its batch; what it was is kept in {@code job_replay}.
 * From then on it is a queued job like others: dispatch, permits, budgets, pauses and lanes are theirs.
 */
@ApplicationScoped
public class ReplayAction implements BulkAction {
    private static final int SCALE = 6;

    private final ReplayInputs inputs;
    private final int maxReplays;

    @Inject
    ReplayAction(ReplayInputs inputs, WavequeueConfig config) {
        this(inputs, config.maxReplays());
    }

    ReplayAction(ReplayInputs inputs, int maxReplays) {
        this.inputs = inputs;
        this.maxReplays = maxReplays;
    }

    @Override
    public Set<BulkKind> kinds() {
        return Set.of(BulkKind.REPLAY);
    }

    /**
     * How jobs are judged.
     *
     * @param opensBatch their batch is about to be opened
     * @param faults where what is wrong with their inputs is gathered
     * @param clips how the clips that they name are found
     */
    private record Judging(boolean opensBatch, Faults faults, MediaStore.Lookup<SQLException> clips) {}

    /** A job, what keeps it from going, and how it would go. */
    private record Judged(Candidate job, @Nullable SkipReason skip, Checked.@Nullable Valid valid) {
        /** Of one attempt; what is let go costs what it would have cost. */
        @Nullable
        BigDecimal cost() {
            return valid == null ? null : job.cost(valid.estimatedUsd());
        }
    }

    /**
     * What would become of the jobs now.
     *
     * @throws OverridesRefusedException when an input does not take the overrides, whatever else is said about its job
     */
    @Override
    public Map<UUID, Outlook> look(Connection connection, BulkOrder order, List<UUID> jobs) throws SQLException {
        Map<UUID, Outlook> outlooks = new HashMap<>();
        Faults faults = new Faults();
        var how = new Judging(order.isMissing(), faults, clips -> MediaStore.known(connection, clips));
        for (Judged judged : judge(connection, order, jobs, how)) {
            BigDecimal usd = judged.skip() == null ? judged.cost() : BigDecimal.ZERO;
            outlooks.put(judged.job().id(), new Outlook(judged.skip(), usd));
        }
        if (order.overrides() != null) {
            faults.raise();
        }
        return outlooks;
    }

    /** No batch of a library may be made meanwhile: it would take a job that ended for one that makes nothing more, and buy another. */
    @Override
    public boolean isTime(Connection connection, List<UUID> jobs) throws SQLException {
        return ReplayRows.areLibrariesAtRest(connection, jobs);
    }

    @Override
    public Map<UUID, @Nullable SkipReason> apply(Connection connection, BulkOrder order, List<UUID> jobs)
            throws SQLException {
        Map<UUID, @Nullable SkipReason> outcomes = new HashMap<>();
        List<Going> going = new ArrayList<>();
        List<UUID> released = new ArrayList<>();
        var how = new Judging(false, new Faults(), clips -> MediaStore.askedFor(connection, clips));
        for (Judged judged : judge(connection, order, jobs, how)) {
            UUID id = judged.job().id();
            outcomes.put(id, judged.skip());
            if (judged.skip() != null || judged.job().facts().goesOnByItself()) {
                continue;
            }
            if (judged.job().facts().status() == JobStatus.HELD) {
                released.add(id);
            } else if (judged.valid() != null) {
                going.add(new Going(id, judged.valid()));
            }
        }
        ReplayRows.replay(connection, order.id(), going);
        StopAction.release(connection, released);
        return outcomes;
    }

    /** A clip that a job names is kept by it. Those of the overrides have to be there when it is carried out. */
    @Override
    public void made(Connection connection, BulkOrder order) throws SQLException {
        MediaStore.named(connection, order.clips());
    }

    private List<Judged> judge(Connection connection, BulkOrder order, List<UUID> jobs, Judging how)
            throws SQLException {
        List<Candidate> candidates = ReplayRows.candidates(connection, order.id(), jobs);
        List<Checked> checks =
                inputs.check(candidates.stream().map(Candidate::asked).toList(), order.overrides(), how.clips());
        List<Judged> judged = new ArrayList<>(candidates.size());
        for (int i = 0; i < candidates.size(); i++) {
            judged.add(judge(order, candidates.get(i), checks.get(i), how));
        }
        return judged;
    }

    private Judged judge(BulkOrder order, Candidate job, Checked checked, Judging how) {
        Checked.Valid valid =
                switch (checked) {
                    case Checked.Valid good -> good;
                    case Checked.Invalid(List<FieldError> errors) -> {
                        how.faults().add(job, errors);
                        yield null;
                    }
                };
        boolean changesInput = valid != null && valid.input() != null;
        SkipReason against = job.facts()
                .against(new ReplayFacts.Wish(
                        order.isMissing(),
                        how.opensBatch(),
                        changesInput,
                        order.isFromTopic(),
                        maxReplays,
                        order.forced()));
        if (against == null && valid == null && job.facts().status().isTerminal()) {
            against = SkipReason.NO_LONGER_VALID;
        }
        return new Judged(job, against, valid);
    }

    /** What is wrong with the overrides, each fault once however many jobs have it. */
    private static final class Faults {
        private final Map<String, Fault> faults = new LinkedHashMap<>();

        void add(Candidate job, List<FieldError> errors) {
            for (FieldError error : errors) {
                Fault fault = new Fault(job.asked().model(), error, job.id(), 1);
                faults.merge(fault.key(), fault, Fault::with);
            }
        }

        void raise() {
            if (!faults.isEmpty()) {
                throw new OverridesRefusedException(faults.values());
            }
        }
    }

    static @Nullable BigDecimal times(@Nullable BigDecimal usd, @Nullable BigDecimal factor) {
        return usd == null || factor == null ? usd : usd.multiply(factor).setScale(SCALE, RoundingMode.HALF_UP);
    }
}
