package io.wavequeue.store.view;

import io.wavequeue.job.DifferenceKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lists where the provider's bill differs from what we know. */
@ApplicationScoped
public class DifferenceViews {
    private static final String SELECT = """
            select d.id, d.kind, d.prediction_id, d.job_id, d.model, d.expected_usd, d.billed_usd, d.first_seen_at, d.resolved_at,
                   d.stopping_usd is not null and d.resolved_at is null as stops_model
            from bill_difference d
            """;

    private static final String PAGE = SELECT + """
            where (cast(:kind as text) is null or d.kind = cast(:kind as text))
              and (:resolved or d.resolved_at is null)
              and ((d.resolved_at is null), d.id) < (cast(:open as boolean), cast(:id as bigint))
            order by (d.resolved_at is null) desc, d.id desc
            limit :most
            """;

    private static final String ONE = SELECT + """
            where d.id = :id
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
     * @param stopsModel its model is not submitted until its price is accepted
     * @param resolvedAt null = open
     */
    public record Difference(
            long id,
            String kind,
            @Nullable String predictionId,
            @Nullable UUID jobId,
            @Nullable String model,
            @Nullable BigDecimal expectedUsd,
            BigDecimal billedUsd,
            boolean stopsModel,
            Instant firstSeenAt,
            @Nullable Instant resolvedAt) {}

    /**
     * Differences, open ones first, each newest first.
     *
     * @param next where the next page starts; null = this was the last
     */
    public record Page(
            List<Difference> differences, @Nullable DifferenceCursor next) {}

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
        List<Difference> rows =
                found.stream().map(Tuple.class::cast).map(DifferenceViews::row).toList();
        if (rows.size() <= limit) {
            return new Page(rows, null);
        }
        Difference last = rows.get(limit - 1);
        return new Page(rows.subList(0, limit), new DifferenceCursor(last.resolvedAt() == null, last.id()));
    }

    /** The difference of that id. */
    @Transactional
    public Optional<Difference> find(long id) {
        List<?> found = jobs.getEntityManager()
                .createNativeQuery(ONE, Tuple.class)
                .setParameter("id", id)
                .getResultList();
        return found.stream().map(Tuple.class::cast).map(DifferenceViews::row).findFirst();
    }

    private static Difference row(Tuple row) {
        return new Difference(
                row.get("id", Long.class),
                row.get("kind", String.class),
                row.get("prediction_id", String.class),
                row.get("job_id", UUID.class),
                row.get("model", String.class),
                row.get("expected_usd", BigDecimal.class),
                row.get("billed_usd", BigDecimal.class),
                row.get("stops_model", Boolean.class),
                row.get("first_seen_at", Instant.class),
                row.get("resolved_at", Instant.class));
    }
}
