package io.wavequeue.store;

import io.wavequeue.job.BulkDecision;
import io.wavequeue.job.ResolutionStatus;
import io.wavequeue.job.SkipReason;
import io.wavequeue.store.view.JobFilter;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decisions about many uncertain submits: chooses the jobs once, and tells how far it has come. {@link ResolutionSteps}
 * carries them out.
 */
@ApplicationScoped
public class ResolutionStore {
    private static final String ADD = """
            insert into resolution (id, kind, decision, status)
            values (?, 'resolution', ?, 'planned')
            """;

    /** A cancelled one is not submitted again, so that it costs nothing more. */
    private static final String CHOOSE = """
            insert into resolution_item (resolution_id, job_id, attempt, error_class, estimated_usd)
            select r.id, j.id, j.attempt, j.error_class,
                   case when r.decision = 'resubmit' and not j.cancel_requested
                        then round(j.estimated_usd * coalesce(pf.factor, 1), 6) else 0 end
            from resolution r
            cross join %s f
            join job j on j.status = 'uncertain'
                       or (j.status = 'held' and j.hold_reason = 'uncertain_submission' and not j.held_by_batch)
            join job_payload p on p.job_id = j.id
            left join price_factor pf on pf.model = j.model
            where r.id = ?
              and %s
            """.formatted(FilterSql.GIVEN, FilterSql.MATCHES);

    private static final String COUNTS = """
            select case when i.done_at is not null then coalesce(i.skip_reason, 'resolved')
                        when r.status = 'aborted' then 'aborted'
                        else 'waiting' end as outcome,
                   coalesce(i.error_class, 'uncertain_submission') as error_class,
                   count(*)::int as jobs,
                   sum(i.estimated_usd) as usd
            from resolution r
            join resolution_item i on i.resolution_id = r.id
            where r.id = ?
            group by 1, 2
            """;

    private static final String READ = "select decision, status from resolution where id = ? and kind = 'resolution'";

    private static final String LOCK = "select status from resolution where id = ? and kind = 'resolution' for update";

    private static final String CHANGE = """
            update resolution
            set status = ?, updated_at = now(), ended_at = case when ? in ('aborted', 'done') then now() end
            where id = ?
            """;

    private final Database database;

    ResolutionStore(Database database) {
        this.database = database;
    }

    /**
     * How far a decision has come.
     *
     * @param matched jobs that it is about
     * @param skipped jobs that were left as they are
     * @param estimatedUsd what carrying it out was expected to cost; leaves out unknown prices, null = all are unknown
     * @param byErrorClass what the jobs showed when it was made
     */
    public record Progress(
            UUID id,
            BulkDecision decision,
            ResolutionStatus status,
            int matched,
            int resolved,
            Map<SkipReason, Integer> skipped,
            @Nullable BigDecimal estimatedUsd,
            Map<String, Integer> byErrorClass) {}

    /** What became of a wish to pause, to go on or to end it. */
    public enum ChangeResult {
        /** It is as wished, by this call or before. */
        CHANGED,
        /** It has ended. */
        ENDED,
        /** There is none. */
        UNKNOWN
    }

    /** What a decision would be about; nothing is kept. */
    public Progress plan(UUID id, BulkDecision decision, JobFilter filter) {
        return database.inTransaction(connection -> {
            Progress planned = choose(connection, id, decision, filter);
            try (Bind bind = Bind.of(connection, "delete from resolution where id = ?")) {
                bind.uuid(id).update();
            }
            return planned;
        });
    }

    /**
     * Chooses the jobs, unless the key was used before.
     *
     * @param key null = every call makes a resolution
     * @param answer builds the answer; kept with the key
     */
    public Idempotency.Result create(
            UUID id,
            BulkDecision decision,
            JobFilter filter,
            Idempotency.@Nullable Key key,
            Function<Progress, Idempotency.Answer> answer) {
        return database.inTransaction(
                connection -> Idempotency.once(connection, key, Idempotency.Thing.RESOLUTION, id, () -> {
                    return answer.apply(choose(connection, id, decision, filter));
                }));
    }

    public Optional<Progress> find(UUID id) {
        return database.inTransaction(connection -> read(connection, id));
    }

    /** Pauses it, lets it go on or ends it. Waits for a chunk that is under way: afterwards the wish holds. */
    public ChangeResult change(UUID id, ResolutionStatus next) {
        return database.inTransaction(connection -> {
            Optional<ResolutionStatus> status = lock(connection, id);
            if (status.isEmpty()) {
                return ChangeResult.UNKNOWN;
            }
            if (status.get() == next) {
                return ChangeResult.CHANGED;
            }
            if (!status.get().mayBecome(next)) {
                return ChangeResult.ENDED;
            }
            change(connection, id, next);
            return ChangeResult.CHANGED;
        });
    }

    static void change(Connection connection, UUID id, ResolutionStatus next) throws SQLException {
        try (Bind bind = Bind.of(connection, CHANGE)) {
            bind.text(next.code()).text(next.code()).uuid(id).update();
        }
    }

    private static Optional<ResolutionStatus> lock(Connection connection, UUID id) throws SQLException {
        try (Bind bind = Bind.of(connection, LOCK)) {
            return bind.uuid(id).rows(row -> ResolutionStatus.of(row.getString("status"))).stream()
                    .findFirst();
        }
    }

    private static Progress choose(Connection connection, UUID id, BulkDecision decision, JobFilter filter)
            throws SQLException {
        try (Bind bind = Bind.of(connection, ADD)) {
            bind.uuid(id).text(decision.code()).update();
        }
        try (Bind bind = Bind.of(connection, CHOOSE)) {
            FilterSql.bind(bind, filter).uuid(id).update();
        }
        return read(connection, id).orElseThrow();
    }

    private record Head(BulkDecision decision, ResolutionStatus status) {}

    private record Count(
            String outcome,
            String errorClass,
            int jobs,
            @Nullable BigDecimal usd) {}

    /** The status is read before the counts: whoever sees that it is done sees all that was done. */
    private static Optional<Progress> read(Connection connection, UUID id) throws SQLException {
        Optional<Head> head = head(connection, id);
        if (head.isEmpty()) {
            return Optional.empty();
        }
        try (Bind bind = Bind.of(connection, COUNTS)) {
            List<Count> counts = bind.uuid(id)
                    .rows(row -> new Count(
                            row.getString("outcome"),
                            row.getString("error_class"),
                            row.getInt("jobs"),
                            row.getBigDecimal("usd")));
            return Optional.of(progress(id, head.get(), counts));
        }
    }

    private static Optional<Head> head(Connection connection, UUID id) throws SQLException {
        try (Bind bind = Bind.of(connection, READ)) {
            return bind
                    .uuid(id)
                    .rows(row -> new Head(
                            BulkDecision.of(row.getString("decision")).orElseThrow(),
                            ResolutionStatus.of(row.getString("status"))))
                    .stream()
                    .findFirst();
        }
    }

    private static Progress progress(UUID id, Head head, List<Count> counts) {
        int matched = 0;
        int resolved = 0;
        BigDecimal usd = counts.isEmpty() ? BigDecimal.ZERO : null;
        Map<SkipReason, Integer> skipped = new EnumMap<>(SkipReason.class);
        Map<String, Integer> byErrorClass = new TreeMap<>();
        for (Count count : counts) {
            matched += count.jobs();
            byErrorClass.merge(count.errorClass(), count.jobs(), Integer::sum);
            if (count.usd() != null) {
                usd = usd == null ? count.usd() : usd.add(count.usd());
            }
            switch (count.outcome()) {
                case "waiting" -> {}
                case "resolved" -> resolved += count.jobs();
                default -> skipped.merge(SkipReason.of(count.outcome()), count.jobs(), Integer::sum);
            }
        }
        return new Progress(id, head.decision(), head.status(), matched, resolved, skipped, usd, byErrorClass);
    }
}
