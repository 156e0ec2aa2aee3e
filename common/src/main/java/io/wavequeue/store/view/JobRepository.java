package io.wavequeue.store.view;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.wavequeue.job.JobStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of jobs, by id and in pages. */
@ApplicationScoped
class JobRepository implements PanacheRepositoryBase<JobEntity, UUID> {

    /** The newest rows that the filter lets through, at most one more than a page. */
    List<JobEntity> newest(JobFilter filter, int most) {
        Query query = new Query(isOrderedByPayload(filter));
        query.add(filter);
        return find(query.text(), query.parameters).range(0, most - 1).list();
    }

    /**
     * The first rows of a batch, in the order of its file.
     *
     * @param statuses any of these; none = all
     * @param after where the page before ended; null = from the first
     */
    List<JobEntity> ofBatch(UUID batch, Set<JobStatus> statuses, @Nullable JobCursor after, int most) {
        StringBuilder text = new StringBuilder("from JobEntity j where j.batchId = :batchId");
        Map<String, Object> parameters = new HashMap<>(Map.of("batchId", batch));
        if (!statuses.isEmpty()) {
            text.append(" and j.status in :statuses");
            parameters.put("statuses", statuses.stream().map(JobStatus::code).toList());
        }
        if (after != null) {
            text.append(" and (j.createdAt, j.id) > (:afterAt, :afterId)");
            parameters.put("afterAt", after.createdAt());
            parameters.put("afterId", after.id());
        }
        return find(text + " order by j.createdAt, j.id", parameters)
                .range(0, most - 1)
                .list();
    }

    /**
     * Whether an index of the payload finds them soonest. Those of the job have what few jobs share: an id, a batch, a replay, an
     * error, any state but success.
     */
    private static boolean isOrderedByPayload(JobFilter filter) {
        boolean isRare = !filter.ids().isEmpty()
                || filter.batchId() != null
                || filter.errorClass() != null
                || filter.fingerprint() != null
                || filter.replayId() != null
                || (!filter.statuses().isEmpty() && !filter.statuses().contains(JobStatus.SUCCEEDED.code()));
        return filter.reference() != null || !isRare;
    }

    /** Conditions on {@code j}, the job, and {@code p}, its payload; what both have is asked of the one that gives the order. */
    private static final class Query {
        private final String createdAt;
        private final String id;
        private final String model;
        private final List<String> conditions = new ArrayList<>();
        private final Map<String, Object> parameters = new HashMap<>();

        Query(boolean byPayload) {
            createdAt = byPayload ? "p.createdAt" : "j.createdAt";
            id = byPayload ? "p.jobId" : "j.id";
            model = byPayload ? "p.model" : "j.model";
        }

        String text() {
            return "select j from JobEntity j join PayloadEntity p on p.jobId = j.id"
                    + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions))
                    + " order by " + createdAt + " desc, " + id + " desc";
        }

        void add(JobFilter filter) {
            if (!filter.ids().isEmpty()) {
                // One parameter, however many they are: the statement stays the same.
                add(
                        "cast(sql('(? = any(cast(? as uuid[])))', j.id, :ids) as Boolean) = true",
                        "ids",
                        filter.ids().stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}")));
            }
            if (!filter.statuses().isEmpty()) {
                // Spelled out: only then is it known, for every plan, that an index of some of the states serves it.
                conditions.add(filter.statuses().stream()
                        .map(status -> "'" + JobStatus.of(status).code() + "'")
                        .collect(Collectors.joining(", ", "j.status in (", ")")));
            }
            add(model + " = :model", "model", filter.model());
            add("j.batchId = :batchId", "batchId", filter.batchId());
            add("j.errorClass = :errorClass", "errorClass", filter.errorClass());
            if (filter.fingerprint() != null) {
                conditions.add("j.status = 'failed'");
                add(
                        "function('failure_fingerprint', j.errorClass, j.model, j.errorMessage) = :fingerprint",
                        "fingerprint",
                        filter.fingerprint());
            }
            // From either side it is asked by key, whichever the planner takes for the shorter one.
            add(
                    "exists (select 1 from ReplayedEntity r where r.id.replayId = :replayId and r.id.jobId = j.id)",
                    "replayId",
                    filter.replayId());
            add("p.reference = :reference", "reference", filter.reference());
            add(createdAt + " > :after", "after", filter.createdAfter());
            add(createdAt + " < :before", "before", filter.createdBefore());
            if (!filter.labels().isEmpty()) {
                add(
                        "cast(sql('(? @> cast(? as jsonb))', p.labels, :labels) as Boolean) = true",
                        "labels",
                        filter.labelsJson());
            }
            JobCursor cursor = filter.cursor();
            if (cursor != null) {
                conditions.add("(" + createdAt + ", " + id + ") < (:cursorAt, :cursorId)");
                parameters.put("cursorAt", cursor.createdAt());
                parameters.put("cursorId", cursor.id());
            }
        }

        private void add(String condition, String parameter, @Nullable Object value) {
            if (value != null) {
                conditions.add(condition);
                parameters.put(parameter, value);
            }
        }
    }
}
