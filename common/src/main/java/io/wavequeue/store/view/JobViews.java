package io.wavequeue.store.view;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.wavequeue.job.JobStatus;
import io.wavequeue.store.view.StoredJob.Attempt;
import io.wavequeue.store.view.StoredJob.Error;
import io.wavequeue.store.view.StoredJob.Output;
import io.wavequeue.store.view.StoredJob.Replay;
import io.wavequeue.store.view.StoredJob.State;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads jobs. Every answer is one snapshot, so that a status never contradicts the attempts beside it. */
@ApplicationScoped
public class JobViews {
    private static final String SNAPSHOT = "set transaction isolation level repeatable read, read only";

    private final JobRepository jobs;
    private final PayloadRepository payloads;
    private final AttemptRepository attempts;
    private final OutputRepository outputs;
    private final ReplayRepository replays;

    JobViews(
            JobRepository jobs,
            PayloadRepository payloads,
            AttemptRepository attempts,
            OutputRepository outputs,
            ReplayRepository replays) {
        this.jobs = jobs;
        this.payloads = payloads;
        this.attempts = attempts;
        this.outputs = outputs;
        this.replays = replays;
    }

    /**
     * Jobs in the order that was asked for.
     *
     * @param next where the next page starts; null = this was the last
     */
    public record Page(List<StoredJob> jobs, @Nullable JobCursor next) {}

    /** The job of that id. */
    @Transactional
    public Optional<StoredJob> find(UUID id) {
        snapshot();
        return jobs.findByIdOptional(id).map(List::of).map(this::whole).map(List::getFirst);
    }

    /** The newest jobs that the filter lets through, at most {@code limit}. */
    @Transactional
    public Page page(JobFilter filter, int limit) {
        snapshot();
        return page(jobs.newest(filter, limit + 1), limit);
    }

    /**
     * A batch's jobs in the order of its file, at most {@code limit}.
     *
     * @param statuses any of these; none = all
     * @param after where the page before ended; null = the first page
     */
    @Transactional
    public Page ofBatch(UUID batch, Set<JobStatus> statuses, @Nullable JobCursor after, int limit) {
        snapshot();
        return page(jobs.ofBatch(batch, statuses, after, limit + 1), limit);
    }

    /** The jobs of these ids, in no particular order. */
    @Transactional
    public List<StoredJob> of(Collection<UUID> ids) {
        snapshot();
        return whole(jobs.list("id in ?1", ids));
    }

    private Page page(List<JobEntity> rows, int limit) {
        if (rows.size() <= limit) {
            return new Page(whole(rows), null);
        }
        List<JobEntity> page = rows.subList(0, limit);
        JobEntity last = page.getLast();
        return new Page(whole(page), new JobCursor(last.createdAt, last.id));
    }

    private void snapshot() {
        jobs.getEntityManager().createNativeQuery(SNAPSHOT).executeUpdate();
    }

    private List<StoredJob> whole(List<JobEntity> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<UUID> ids = rows.stream().map(row -> row.id).toList();
        Map<UUID, PayloadEntity> payloadOf =
                payloads.of(ids).stream().collect(toMap(payload -> payload.jobId, Function.identity()));
        Map<UUID, List<AttemptEntity>> attemptsOf =
                attempts.of(ids).stream().collect(groupingBy(attempt -> attempt.id.jobId()));
        Map<UUID, List<OutputEntity>> outputsOf =
                outputs.of(ids).stream().collect(groupingBy(output -> output.id.jobId()));
        List<UUID> replayed =
                rows.stream().filter(row -> row.replays > 0).map(row -> row.id).toList();
        Map<UUID, List<ReplayEntity>> replaysOf = replayed.isEmpty()
                ? Map.of()
                : replays.of(replayed).stream().collect(groupingBy(replay -> replay.id.jobId()));
        return rows.stream()
                .map(row -> job(
                        row,
                        payloadOf.get(row.id),
                        attemptsOf.getOrDefault(row.id, List.of()),
                        outputsOf.getOrDefault(row.id, List.of()),
                        replaysOf.getOrDefault(row.id, List.of())))
                .toList();
    }

    private static StoredJob job(
            JobEntity row,
            @Nullable PayloadEntity payload,
            List<AttemptEntity> attempts,
            List<OutputEntity> outputs,
            List<ReplayEntity> replays) {
        if (payload == null) {
            throw new IllegalStateException("the job " + row.id + " has no payload");
        }
        return new StoredJob(
                row.id,
                new State(
                        row.status,
                        row.cancelRequested,
                        row.holdReason,
                        Error.of(row.errorClass, row.errorMessage, row.errorRetryable),
                        row.createdAt,
                        row.settledAt),
                row.model,
                row.lane,
                payload.input,
                payload.labels,
                row.reference,
                row.batchId,
                row.maxAttempts,
                row.estimatedUsd,
                attempts.stream().map(JobViews::attempt).toList(),
                outputs.stream().map(JobViews::output).toList(),
                replays.stream().map(JobViews::replay).toList());
    }

    private static Replay replay(ReplayEntity row) {
        return new Replay(
                row.id.number(),
                row.replayId,
                row.at,
                Error.of(row.errorClass, row.errorMessage, row.errorRetryable),
                row.input,
                Boolean.TRUE.equals(row.sameError));
    }

    private static Attempt attempt(AttemptEntity row) {
        return new Attempt(
                row.id.number(),
                row.status,
                row.predictionId,
                row.submittedAt,
                row.acceptedAt,
                row.completedAt,
                row.polls,
                row.inferenceMs,
                row.detectMs,
                row.chargedUsd,
                row.refundedUsd,
                Error.of(row.errorClass, row.errorMessage, row.errorRetryable));
    }

    private static Output output(OutputEntity row) {
        return new Output(
                row.id.number(),
                row.url,
                row.file,
                row.contentType,
                row.bytes,
                row.sha256,
                row.archivedAt,
                row.lostAt,
                row.error,
                row.audio);
    }
}
