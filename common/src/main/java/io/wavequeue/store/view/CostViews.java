package io.wavequeue.store.view;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Query;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sums of what jobs cost. */
@ApplicationScoped
public class CostViews {
    /**
     * Of the jobs that are there, and of those that were removed by rule. What was expected and what was paid are added up apart:
     * to join sums by job with the jobs takes more than twice as long, and these are millions.
     */
    private static final String SUMS = """
            select key,
                   cast(sum(jobs) as bigint) as jobs,
                   sum(estimated_usd) as estimated_usd,
                   sum(charged_usd) as charged_usd,
                   sum(refunded_usd) as refunded_usd
            from (select %1$s as key, count(*) as jobs, sum(j.estimated_usd) as estimated_usd,
                         cast(null as numeric) as charged_usd, cast(null as numeric) as refunded_usd
                  from job j
                  %2$s
                  group by 1
                  union all
                  select %1$s, 0, null, sum(a.charged_usd), sum(a.refunded_usd)
                  from attempt a
                  join job j on j.id = a.job_id
                  %2$s
                  where a.charged_usd is not null
                     or a.refunded_usd is not null
                  group by 1
                  union all
                  select %3$s, jobs, estimated_usd, charged_usd, refunded_usd
                  from past_jobs j) s
            group by 1
            order by 1 nulls last
            """;

    /** Stands for it where a batch has to be named. */
    private static final String NO_BATCH = "ffffffff-ffff-ffff-ffff-ffffffffffff";

    private final JobRepository jobs;

    CostViews(JobRepository jobs) {
        this.jobs = jobs;
    }

    /** What the sums are grouped by. */
    public sealed interface GroupBy {
        /** The model's id. */
        record ByModel() implements GroupBy {}

        /** The batch's id. */
        record ByBatch() implements GroupBy {}

        /** The UTC day on which the job was made, as {@code 2026-01-31}. */
        record ByDay() implements GroupBy {}

        /** The value of the label of that key. */
        record ByLabel(String key) implements GroupBy {}
    }

    /**
     * What a group of jobs cost. Sums leave out what is unknown, and are null when all of it is.
     *
     * @param key null = jobs without a batch, or without that label; of jobs that were removed by rule no label is known
     */
    public record CostSum(
            @Nullable String key,
            long jobs,
            @Nullable BigDecimal estimatedUsd,
            @Nullable BigDecimal chargedUsd,
            @Nullable BigDecimal refundedUsd) {}

    /** One sum per group, in the order of their keys. */
    @Transactional
    public List<CostSum> sums(GroupBy groupBy) {
        Query query =
                switch (groupBy) {
                    case GroupBy.ByModel model -> query("j.model", "", "j.model");
                    case GroupBy.ByBatch batch ->
                        query("cast(j.batch_id as text)", "", "nullif(cast(j.batch_id as text), '" + NO_BATCH + "')");
                    case GroupBy.ByDay day ->
                        query(
                                "to_char(j.created_at at time zone 'UTC', 'YYYY-MM-DD')",
                                "",
                                "to_char(j.day, 'YYYY-MM-DD')");
                    case GroupBy.ByLabel(String key) ->
                        query(
                                        "p.labels ->> cast(:label as text)",
                                        "join job_payload p on p.job_id = j.id",
                                        "cast(null as text)")
                                .setParameter("label", key);
                };
        List<?> rows = query.getResultList();
        return rows.stream().map(Tuple.class::cast).map(CostViews::sum).toList();
    }

    /** @param past the key among the sums of removed jobs */
    private Query query(String key, String join, String past) {
        return jobs.getEntityManager().createNativeQuery(SUMS.formatted(key, join, past), Tuple.class);
    }

    private static CostSum sum(Tuple row) {
        return new CostSum(
                row.get("key", String.class),
                row.get("jobs", Long.class),
                row.get("estimated_usd", BigDecimal.class),
                row.get("charged_usd", BigDecimal.class),
                row.get("refunded_usd", BigDecimal.class));
    }
}
