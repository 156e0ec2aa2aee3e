package io.wavequeue.worker.schedules;

import io.wavequeue.job.AttemptStatus;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.ReconcileStore.OpenSubmit;
import io.wavequeue.store.WorkerStore.RunningJob;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The database: each method is one transaction, with the conditions of the SQL that it stands for. A job's row is changed
 * under its expected status and fence; an attempt's prediction is unique.
 */
final class Rows {
    static final UUID NOBODY = new UUID(0, 0);
    private static final String MODEL = "m";

    private final World world;
    private final Plan plan;
    private final Set<Bug> bugs;
    final Map<UUID, JobRow> jobs = new LinkedHashMap<>();
    final Map<UUID, WorkerRow> workers = new LinkedHashMap<>();
    private final Map<String, AttemptRow> predictions = new HashMap<>();
    private final List<Runnable> committing = new ArrayList<>();

    @Nullable
    HoldReason hold;

    private long throttledUntil;
    private int open;
    boolean everUncertain;

    static final class JobRow {
        final UUID id;
        final String input;
        final int maxAttempts;
        final long createdAt;
        JobStatus status = JobStatus.QUEUED;

        @Nullable
        HoldReason holdReason;

        @Nullable
        UUID worker;

        long fence;
        boolean cancelRequested;
        long dispatchAt;
        int dispatchNo;
        int sends;
        final List<AttemptRow> attempts = new ArrayList<>();
        final List<String> outputs = new ArrayList<>();

        JobRow(UUID id, String input, int maxAttempts, long createdAt) {
            this.id = id;
            this.input = input;
            this.maxAttempts = maxAttempts;
            this.createdAt = createdAt;
            this.dispatchAt = createdAt;
        }

        AttemptRow last() {
            return attempts.getLast();
        }
    }

    static final class AttemptRow {
        final JobRow job;
        final long claimedAt;
        AttemptStatus status = AttemptStatus.SUBMITTING;

        @Nullable
        String predictionId;

        long acceptedAt;
        boolean charged;

        AttemptRow(JobRow job, long claimedAt) {
            this.job = job;
            this.claimedAt = claimedAt;
        }
    }

    static final class WorkerRow {
        long beat;
        boolean ended;
    }

    Rows(World world, Plan plan, Set<Bug> bugs) {
        this.world = world;
        this.plan = plan;
        this.bugs = bugs;
    }

    Instant time(long at) {
        return Instant.ofEpochMilli(World.EPOCH + at);
    }

    /** A commit that the server still works on while its client has lost the connection. It holds its rows' locks. */
    void commitLater(Runnable transaction) {
        committing.add(transaction);
    }

    /** Whoever locks rows waits for the commits that hold them. */
    void awaitLocks() {
        while (!committing.isEmpty()) {
            committing.removeFirst().run();
        }
    }

    boolean isOver() {
        return jobs.values().stream()
                .allMatch(job -> job.status.isTerminal()
                        || job.status == JobStatus.HELD && job.holdReason == HoldReason.UNCERTAIN_SUBMISSION);
    }

    /** {@code JobTransitions.APPLY}. */
    Set<UUID> apply(Transition change) {
        awaitLocks();
        JobRow job = jobs.get(change.jobId());
        boolean ours = (job.status == change.expected() || bugs.contains(Bug.STATUS_IGNORED))
                && (job.fence == change.fence() || bugs.contains(Bug.FENCE_IGNORED));
        if (!ours || job.attempts.isEmpty()) {
            return Set.of();
        }
        AttemptRow attempt = job.last();
        String id = change.attempt() instanceof AttemptChange.Accepted(String made, Instant ignored) ? made : null;
        if (id != null && !bugs.contains(Bug.PREDICTION_TWICE)) {
            AttemptRow owner = predictions.putIfAbsent(id, attempt);
            if (owner != null && owner != attempt) {
                throw new IllegalStateException("attempt_prediction_once: " + id);
            }
        }
        boolean stays = change.next() instanceof Next.Running
                || change.next() instanceof Next.Uncertain
                || change.attempt() instanceof AttemptChange.StillUncertain
                        && !bugs.contains(Bug.CANCEL_ENDS_UNCERTAIN);
        JobStatus next = job.cancelRequested && !stays
                ? JobStatus.CANCELLED
                : change.next().status();
        world.log(() -> "row " + name(job.id) + " " + job.status + " -> " + next + " " + change.attempt());
        become(job, next);
        job.holdReason = next == JobStatus.HELD && change.next() instanceof Next.Held(HoldReason reason, var error)
                ? reason
                : null;
        job.worker = next == JobStatus.RUNNING ? job.worker == null ? NOBODY : job.worker : null;
        if (change.next() instanceof Next.Queued queued) {
            job.dispatchAt = world.now() + queued.delay().toMillis();
            job.sends = 0;
        }
        if (change.next() instanceof Next.Succeeded succeeded) {
            job.outputs.addAll(succeeded.outputUrls());
        }
        switch (change.attempt()) {
            case AttemptChange.Removed removed -> {
                job.attempts.removeLast();
                end(attempt, AttemptStatus.REFUSED);
            }
            case AttemptChange.Accepted accepted -> {
                attempt.status = AttemptStatus.ACCEPTED;
                attempt.predictionId = accepted.predictionId();
                attempt.acceptedAt = world.now();
                attempt.charged = true;
            }
            case AttemptChange.Refused refused -> end(attempt, AttemptStatus.REFUSED);
            case AttemptChange.Uncertain uncertain -> attempt.status = AttemptStatus.UNCERTAIN;
            case AttemptChange.StillUncertain uncertain -> attempt.status = AttemptStatus.UNCERTAIN;
            case AttemptChange.NotCreated notCreated -> end(attempt, AttemptStatus.NOT_CREATED);
            case AttemptChange.GivenUp givenUp -> end(attempt, AttemptStatus.FAILED);
            case AttemptChange.Unfollowed unfollowed -> end(attempt, AttemptStatus.FAILED);
            case AttemptChange.None none -> {}
            case AttemptChange.Ended ended ->
                end(attempt, ended.error() == null ? AttemptStatus.COMPLETED : AttemptStatus.FAILED);
        }
        return Set.of(job.id);
    }

    private void become(JobRow job, JobStatus next) {
        job.status = next;
        everUncertain |= next == JobStatus.UNCERTAIN;
    }

    private void end(AttemptRow attempt, AttemptStatus status) {
        if (attempt.status.isOpen()) {
            open--;
        }
        attempt.status = status;
    }

    /** {@code JobTransitions.READ_BACK}: it locks nothing, so that a commit under way is not seen. */
    Set<UUID> readBack(Transition change) {
        JobRow job = jobs.get(change.jobId());
        boolean shown = job.fence == change.fence()
                && (job.status == change.next().status() || job.status == JobStatus.CANCELLED && job.cancelRequested);
        return shown ? Set.of(job.id) : Set.of();
    }

    /** What a claim took, and what found no permit. */
    record Claimed(List<ClaimedJob> claimed, List<Candidate> waiting) {}

    /** {@code ClaimStore.claim}. */
    Claimed claim(UUID worker, long fence, List<Candidate> candidates) {
        awaitLocks();
        WorkerRow row = workers.get(worker);
        int permits = row == null || row.ended || hold != null || throttledUntil > world.now()
                ? 0
                : bugs.contains(Bug.NO_PERMITS) ? 99 : plan.maxInFlight - open;
        List<ClaimedJob> claimed = new ArrayList<>();
        List<Candidate> waiting = new ArrayList<>();
        for (Candidate candidate : candidates) {
            JobRow job = jobs.get(candidate.jobId());
            boolean due = bugs.contains(Bug.OLD_RECORDS_CLAIM)
                    ? !job.status.isTerminal() && job.status != JobStatus.HELD
                    : job.status == JobStatus.QUEUED
                            && job.attempts.size() == candidate.attempt()
                            && job.dispatchNo == candidate.dispatchNo();
            if (due && claimed.size() < permits) {
                world.log(() -> "row " + name(job.id) + " claimed by " + name(worker) + " fence " + fence);
                become(job, JobStatus.SUBMITTING);
                job.fence = fence;
                job.worker = worker;
                job.attempts.add(new AttemptRow(job, world.now()));
                open++;
                claimed.add(claimed(job));
            } else if (due) {
                waiting.add(candidate);
            }
        }
        if (open > plan.maxInFlight) {
            throw new AssertionError(open + " attempts are open, the limit is " + plan.maxInFlight);
        }
        return new Claimed(claimed, waiting);
    }

    private ClaimedJob claimed(JobRow job) {
        return new ClaimedJob(
                job.id,
                job.fence,
                job.attempts.size(),
                job.maxAttempts,
                MODEL,
                job.input,
                time(job.createdAt),
                null,
                null);
    }

    /** {@code ClaimStore.readBack}, which waits for the account's row. */
    List<ClaimedJob> claimedWith(UUID worker, long fence) {
        awaitLocks();
        return where(job -> job.status == JobStatus.SUBMITTING && worker.equals(job.worker) && job.fence == fence)
                .stream()
                .map(this::claimed)
                .toList();
    }

    /** {@code DispatchStore.release}. */
    void release(Candidate candidate, long delay) {
        JobRow job = jobs.get(candidate.jobId());
        if (job.status == JobStatus.QUEUED && job.dispatchNo == candidate.dispatchNo()) {
            job.dispatchAt = world.now() + delay;
            job.sends = 0;
        }
    }

    /** {@code HoldStore.follow}, then {@code DispatchStore.take}. */
    List<Candidate> dispatch() {
        awaitLocks();
        List<Candidate> sent = new ArrayList<>();
        HoldReason reason = hold;
        for (JobRow job : jobs.values()) {
            if (reason != null && job.status == JobStatus.QUEUED) {
                become(job, JobStatus.HELD);
                job.holdReason = reason;
            } else if (reason == null
                    && job.status == JobStatus.HELD
                    && job.holdReason != HoldReason.UNCERTAIN_SUBMISSION) {
                become(job, JobStatus.QUEUED);
                job.holdReason = null;
                job.dispatchAt = world.now();
                job.sends = 0;
            }
            if (reason == null && job.status == JobStatus.QUEUED && job.dispatchAt <= world.now()) {
                job.dispatchNo++;
                job.dispatchAt = world.now() + (Plan.SEND_AGAIN.toMillis() << Math.min(job.sends++, 3));
                sent.add(new Candidate(job.id, job.attempts.size(), job.dispatchNo));
            }
        }
        return sent;
    }

    void throttle(long millis) {
        throttledUntil = Math.max(throttledUntil, world.now() + millis);
    }

    /** {@code CancelStore.cancel}. */
    void cancel(JobRow job) {
        if (job.status.isTerminal() || job.cancelRequested) {
            return;
        }
        job.cancelRequested = true;
        boolean ends = job.status == JobStatus.QUEUED
                || job.status == JobStatus.HELD && job.holdReason != HoldReason.UNCERTAIN_SUBMISSION;
        world.log(() -> "row " + name(job.id) + " cancel while " + job.status);
        if (ends) {
            become(job, JobStatus.CANCELLED);
            job.holdReason = null;
        }
    }

    void register(UUID worker) {
        workers.put(worker, new WorkerRow());
    }

    /** {@code WorkerStore.beat}. */
    boolean beat(UUID worker) {
        WorkerRow row = workers.get(worker);
        row.beat += row.ended ? 0 : 1;
        return !row.ended;
    }

    Map<UUID, Long> beats() {
        Map<UUID, Long> beats = new HashMap<>();
        workers.forEach((id, row) -> {
            if (!row.ended) {
                beats.put(id, row.beat);
            }
        });
        return beats;
    }

    /** {@code WorkerStore.declareSilent}. */
    boolean declareSilent(UUID worker, long beat) {
        WorkerRow row = workers.get(worker);
        boolean silent = row.beat == beat && !row.ended;
        row.ended |= silent;
        return silent;
    }

    private boolean isOrphan(JobRow job) {
        return job.worker != null && (job.worker.equals(NOBODY) || workers.get(job.worker).ended);
    }

    boolean hasOrphans() {
        return jobs.values().stream().anyMatch(this::isOrphan);
    }

    /** {@code WorkerStore.DOUBT}. */
    void doubt(long fence) {
        awaitLocks();
        for (JobRow job : where(row -> row.status == JobStatus.SUBMITTING && isOrphan(row))) {
            world.log(() -> "row " + name(job.id) + " is doubted");
            become(job, JobStatus.UNCERTAIN);
            job.worker = null;
            job.fence = fence;
            job.last().status = AttemptStatus.UNCERTAIN;
        }
    }

    /** {@code WorkerStore.ADOPT}. */
    List<RunningJob> adopt(UUID worker, long fence) {
        awaitLocks();
        return where(row -> row.status == JobStatus.RUNNING && isOrphan(row)).stream()
                .map(job -> {
                    world.log(() -> "row " + name(job.id) + " adopted by " + name(worker));
                    job.worker = worker;
                    job.fence = fence;
                    return running(job);
                })
                .toList();
    }

    /** {@code WorkerStore.readBack}. */
    List<RunningJob> adoptedWith(UUID worker, long fence) {
        awaitLocks();
        return where(row -> row.status == JobStatus.RUNNING && worker.equals(row.worker) && row.fence == fence).stream()
                .map(this::running)
                .toList();
    }

    private RunningJob running(JobRow job) {
        AttemptRow attempt = job.last();
        return new RunningJob(
                job.id,
                job.fence,
                job.attempts.size(),
                job.maxAttempts,
                MODEL,
                String.valueOf(attempt.predictionId),
                time(attempt.acceptedAt),
                time(job.createdAt));
    }

    boolean hasDoubts() {
        return jobs.values().stream().anyMatch(job -> job.status == JobStatus.UNCERTAIN);
    }

    /** {@code ReconcileStore.open}. */
    List<OpenSubmit> open() {
        return where(job -> job.status == JobStatus.SUBMITTING || job.status == JobStatus.UNCERTAIN).stream()
                .map(job -> new OpenSubmit(
                        job.id,
                        job.fence,
                        job.status,
                        job.attempts.size(),
                        job.maxAttempts,
                        MODEL,
                        time(job.last().claimedAt),
                        BigDecimal.ONE,
                        job.input,
                        time(world.now()),
                        time(job.createdAt)))
                .toList();
    }

    /** {@code ReconcileStore.known}. */
    Map<String, String> known(List<String> ids) {
        Set<String> wanted = new HashSet<>(ids);
        Map<String, String> known = new HashMap<>();
        for (JobRow job : jobs.values()) {
            for (AttemptRow attempt : job.attempts) {
                if (attempt.predictionId != null && wanted.contains(attempt.predictionId)) {
                    known.put(attempt.predictionId, job.input);
                }
            }
        }
        return known;
    }

    private List<JobRow> where(Predicate<JobRow> condition) {
        return jobs.values().stream().filter(condition).toList();
    }

    static String name(UUID id) {
        return (id.getMostSignificantBits() == 1 ? "job" : "worker") + id.getLeastSignificantBits();
    }
}
