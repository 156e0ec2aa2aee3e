package io.wavequeue.store.view;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of jobs, by id and in pages. */
@ApplicationScoped
class JobRepository implements PanacheRepositoryBase<JobEntity, UUID> {

    /** The newest rows that the filter lets through, at most one more than a page. */
    List<JobEntity> newest(JobFilter filter, int most) {
        List<String> conditions = new ArrayList<>();
        Map<String, Object> parameters = new HashMap<>();
        where(filter, conditions, parameters);
        String query = "from JobEntity j"
                + (conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions))
                + " order by j.createdAt desc, j.id desc";
        return find(query, parameters).range(0, most - 1).list();
    }

    private static void where(JobFilter filter, List<String> conditions, Map<String, Object> parameters) {
        if (!filter.statuses().isEmpty()) {
            conditions.add("j.status in :statuses");
            parameters.put("statuses", filter.statuses());
        }
        equal("model", filter.model(), conditions, parameters);
        equal("batchId", filter.batchId(), conditions, parameters);
        equal("errorClass", filter.errorClass(), conditions, parameters);
        equal("reference", filter.reference(), conditions, parameters);
        if (filter.createdAfter() != null) {
            conditions.add("j.createdAt > :after");
            parameters.put("after", filter.createdAfter());
        }
        if (filter.createdBefore() != null) {
            conditions.add("j.createdAt < :before");
            parameters.put("before", filter.createdBefore());
        }
        if (!filter.labels().isEmpty()) {
            conditions.add(
                    "j.id in (select p.jobId from PayloadEntity p where cast(sql('(? @> cast(? as jsonb))', p.labels, :labels) as Boolean) = true)");
            parameters.put("labels", filter.labelsJson());
        }
        JobCursor cursor = filter.cursor();
        if (cursor != null) {
            conditions.add("(j.createdAt, j.id) < (:cursorAt, :cursorId)");
            parameters.put("cursorAt", cursor.createdAt());
            parameters.put("cursorId", cursor.id());
        }
    }

    private static void equal(
            String field, @Nullable Object value, List<String> conditions, Map<String, Object> parameters) {
        if (value != null) {
            conditions.add("j." + field + " = :" + field);
            parameters.put(field, value);
        }
    }
}
