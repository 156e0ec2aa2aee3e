package io.wavequeue.store.view;

import io.wavequeue.job.DifferenceKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lists where the provider's bill differs from what we know. */
@ApplicationScoped
public class DifferenceViews {
    private static final String PAGE = """
            select d.id, d.kind, d.prediction_id, d.job_id, d.model, d.expected_usd, d.billed_usd, d.first_seen_at, d.resolved_at
            from bill_difference d
            where (cast(:kind as text) is null or d.kind = cast(:kind as text))
              and (:resolved or d.resolved_at is null)
              and ((d.resolved_at is null), d.id) < (cast(:open as boolean), cast(:id as bigint))
            order by (d.resolved_at is null) desc, d.id desc
            limit :most
            """;

    private static final DifferenceCursor FIRST = new DifferenceCursor(true, Long.MAX_VALUE);

    private final JobRepository jobs;

    DifferenceViews(JobRepository jobs) {
        this.jobs = jobs;
    }

    /**
     * A difference.
     *
     * @param predictionId null = the line of the bill is about no prediction
     * @param jobId the job concerned, or the only one that an unknown charge may belong to; null = none
     * @param expectedUsd what should remain charged; null = unknown
     * @param billedUsd what remains charged; of a resolved one, what it was before that
     * @param resolvedAt null = open
     */
    public record Difference(
            String kind,
            @Nullable String predictionId,
            @Nullable UUID jobId,
            @Nullable String model,
            @Nullable BigDecimal expectedUsd,
            BigDecimal billedUsd,
            Instant firstSeenAt,
            @Nullable Instant resolvedAt) {}

    /**
     * Differences, open ones first, each newest first.
     *
     * @param next where the next page starts; null = this was the last
     */
    public record Page(
            List<Difference> differences, @Nullable DifferenceCursor next) {}

    private record Row(long id, Difference difference) {
        DifferenceCursor cursor() {
            return new DifferenceCursor(difference.resolvedAt() == null, id);
        }
    }

    /**
     * At most {@code limit} differences.
     *
     * @param kind null = any
     * @param after null = from the first
     */
    @Transactional
    public Page page(
            @Nullable DifferenceKind kind, boolean includeResolved, @Nullable DifferenceCursor after, int limit) {
        DifferenceCursor from = after == null ? FIRST : after;
        List<?> found = jobs.getEntityManager()
                .createNativeQuery(PAGE, Tuple.class)
                .setParameter("kind", kind == null ? null : kind.code())
                .setParameter("resolved", includeResolved)
                .setParameter("open", from.open())
                .setParameter("id", from.id())
                .setParameter("most", limit + 1)
                .getResultList();
        List<Row> rows =
                found.stream().map(Tuple.class::cast).map(DifferenceViews::row).toList();
        List<Row> shown = rows.size() <= limit ? rows : rows.subList(0, limit);
        return new Page(
                shown.stream().map(Row::difference).toList(),
                rows.size() <= limit ? null : shown.getLast().cursor());
    }

    private static Row row(Tuple row) {
        return new Row(
                row.get("id", Long.class),
                new Difference(
                        row.get("kind", String.class),
                        row.get("prediction_id", String.class),
                        row.get("job_id", UUID.class),
                        row.get("model", String.class),
                        row.get("expected_usd", BigDecimal.class),
                        row.get("billed_usd", BigDecimal.class),
                        row.get("first_seen_at", Instant.class),
                        row.get("resolved_at", Instant.class)));
    }
}
