package io.wavequeue.store;

import io.wavequeue.job.BulkKind;
import io.wavequeue.job.BulkStatus;
import io.wavequeue.job.SkipReason;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How far bulk operations have come, and what became of their jobs. */
@ApplicationScoped
public class BulkView {
    private static final String WAITING = "waiting";
    private static final String DONE = "done";
    private static final String SKIPPED = "skipped";
    private static final int MOST_SKIPPED = 100;

    private static final String HEAD = """
            select id, kind, decision, request, rate_per_minute, requested_by, note, status, created_at, ended_at
            from resolution
            """;

    private static final String ONE = HEAD + "where id = ? and kind = ?";

    private static final String MANY = HEAD + """
            where kind = ?
              and (created_at, id) < (coalesce(?::timestamptz, 'infinity'), coalesce(?::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
            order by created_at desc, id desc
            limit ?
            """;

    /**
     * What became of an item {@code i} of an operation {@code r}. What an operation would do is read as if each job that it would
     * skip had been skipped.
     */
    private static final String OUTCOME = """
            case when i.done_at is not null then coalesce(i.skip_reason, 'done')
                 when r.status = 'aborted' then 'aborted'
                 when ? then coalesce(i.planned_skip, 'waiting')
                 else 'waiting' end
            """;

    private static final String COUNTS = """
            select %s as outcome,
                   coalesce(i.error_class, 'none') as error_class,
                   i.model,
                   i.planned_skip is null as planned,
                   count(*)::int as jobs,
                   sum(i.estimated_usd) as usd,
                   (count(*) filter (where i.estimated_usd is null))::int as unknown
            from resolution r
            join resolution_item i on i.resolution_id = r.id
            where r.id = ?
            group by 1, 2, 3, 4
            """.formatted(OUTCOME);

    /** Of a restored job, what a replay from the topic found last speaks against replays of other kinds too. */
    private static final String ITEMS = """
            select i.job_id, j.reference, j.model, j.status,
                   case o.outcome when i.evidence then i.evidence_message
                                  when l.evidence then l.evidence_message end as evidence,
                   o.outcome
            from resolution r
            join resolution_item i on i.resolution_id = r.id
            join job j on j.id = i.job_id
            cross join lateral (select %s as outcome) o
            left join lateral (select evidence, evidence_message from restored_job where job_id = i.job_id limit 1) l on true
            where r.id = ?
              and (?::uuid is null or i.job_id > ?::uuid)
              and (?::text is null or ? = o.outcome or (? = 'skipped' and o.outcome not in ('waiting', 'done')))
            order by i.job_id
            limit ?
            """.formatted(OUTCOME);

    private final Database database;

    BulkView(Database database) {
        this.database = database;
    }

    /**
     * How far an operation has come.
     *
     * @param counts its jobs, by what became of them and what they showed when they were chosen
     * @param outcomes what became of those that it changed, as of now; empty unless it is a replay, null = not asked
     * @param failedAgain those that would go although their last replay ended in the error that they had before; null unless it
     *     is a replay that is only planned
     * @param skipped jobs that would be left as they are, the first ones; null unless it is only planned
     * @param refused letters that became no job; none unless it is a replay from the topic
     */
    public record Progress(
            BulkOrder order,
            BulkStatus status,
            Instant createdAt,
            @Nullable Instant endedAt,
            List<Count> counts,
            @Nullable List<Outcome> outcomes,
            @Nullable Integer failedAgain,
            @Nullable List<Item> skipped,
            Refusals refused) {
        public Progress {
            counts = List.copyOf(counts);
            outcomes = outcomes == null ? null : List.copyOf(outcomes);
            skipped = skipped == null ? null : List.copyOf(skipped);
        }
    }

    /**
     * Jobs that have all of this in common.
     *
     * @param fate what became of them
     * @param model null = chosen by an older version
     * @param planned whether they were to be changed when they were chosen
     * @param usd what changing them was expected to cost, without unknown prices; null = all are unknown
     */
    public record Count(
            Fate fate,
            String errorClass,
            @Nullable String model,
            boolean planned,
            int jobs,
            @Nullable BigDecimal usd,
            int unknown) {}

    /** What became of a job of an operation. */
    public sealed interface Fate {
        /** Its turn has not come. */
        record Waiting() implements Fate {}

        /** It was changed. */
        record Done() implements Fate {}

        /** It was left as it was. */
        record Skipped(SkipReason reason) implements Fate {}
    }

    /**
     * Replayed jobs by their state now.
     *
     * @param sameError they failed again, as before
     * @param chargedUsd what was charged for the attempts of this replay, less what was refunded; null = nothing yet
     */
    public record Outcome(
            String status,
            boolean sameError,
            int jobs,
            @Nullable BigDecimal chargedUsd) {}

    /**
     * A job of an operation, and its state now.
     *
     * @param evidence what the provider's history says against it, when it was skipped for that
     */
    public record Item(
            UUID jobId,
            @Nullable String reference,
            String model,
            Fate fate,
            @Nullable String evidence,
            String status) {}

    /**
     * Letters on the dead-letter topic that became no job.
     *
     * @param first the first ones of them
     */
    public record Refusals(int count, List<Refused> first) {
        static final Refusals NONE = new Refusals(0, List.of());

        public Refusals {
            first = List.copyOf(first);
        }
    }

    /** A letter on the dead-letter topic that became no job, and why: in a word and in words. */
    public record Refused(String key, String reason, String message) {}

    /** Where a page of operations ended. */
    public record Place(Instant createdAt, UUID id) {}

    public Optional<Progress> find(BulkKind kind, UUID id) {
        return database.inTransaction(connection -> read(connection, kind, id));
    }

    /** How it stands; its jobs are not looked at. */
    public Optional<BulkStatus> status(BulkKind kind, UUID id) {
        return database.inTransaction(connection -> head(connection, kind, id)).map(Head::status);
    }

    /**
     * The newest operations of a kind.
     *
     * @param after older than this; null = from the newest
     */
    public List<Progress> newest(BulkKind kind, @Nullable Place after, int most) {
        return database.inTransaction(connection -> {
            List<Head> heads;
            try (Bind bind = Bind.of(connection, MANY)) {
                heads = bind.text(kind.code())
                        .time(after == null ? null : after.createdAt())
                        .uuid(after == null ? null : after.id())
                        .integer(most)
                        .rows(Head::of);
            }
            List<Progress> found = new ArrayList<>(heads.size());
            for (Head head : heads) {
                found.add(progress(connection, head, Asked.COUNTS));
            }
            return found;
        });
    }

    /**
     * Its jobs in the order of their ids.
     *
     * @param fate only these: {@code waiting}, {@code done}, a reason's code or, for any of those, {@code skipped}; null = all
     * @param after null = from the first
     */
    public List<Item> jobs(UUID operation, @Nullable String fate, @Nullable UUID after, int most) {
        return database.inTransaction(connection -> items(connection, Asked.OUTCOMES, operation, fate, after, most));
    }

    private static List<Item> items(
            Connection connection, Asked asked, UUID operation, @Nullable String fate, @Nullable UUID after, int most)
            throws SQLException {
        try (Bind bind = Bind.of(connection, ITEMS)) {
            return bind.flag(asked == Asked.PLAN)
                    .uuid(operation)
                    .uuid(after)
                    .uuid(after)
                    .text(fate)
                    .text(fate)
                    .text(fate)
                    .integer(most)
                    .rows(row -> new Item(
                            Bind.uuid(row, "job_id"),
                            row.getString("reference"),
                            row.getString("model"),
                            fate(row),
                            row.getString("evidence"),
                            row.getString("status")));
        }
    }

    /** What the provider's history says against the first job of an operation, when it was skipped for that; null = nothing. */
    static @Nullable String evidence(Connection connection, UUID operation) throws SQLException {
        List<Item> first = items(connection, Asked.OUTCOMES, operation, SKIPPED, null, 1);
        return first.isEmpty() ? null : first.getFirst().evidence();
    }

    /** As far as it has come. The status is read before the counts: whoever sees that it is done sees all that was done. */
    static Optional<Progress> read(Connection connection, BulkKind kind, UUID id) throws SQLException {
        Optional<Head> head = head(connection, kind, id);
        return head.isEmpty() ? Optional.empty() : Optional.of(progress(connection, head.get(), Asked.OUTCOMES));
    }

    private static Optional<Head> head(Connection connection, BulkKind kind, UUID id) throws SQLException {
        try (Bind bind = Bind.of(connection, ONE)) {
            return bind.uuid(id).text(kind.code()).rows(Head::of).stream().findFirst();
        }
    }

    /** As if it were carried out now. */
    static Progress planned(Connection connection, BulkOrder order) throws SQLException {
        try (Bind bind = Bind.of(connection, ONE)) {
            Head head = bind.uuid(order.id()).text(order.kind().code()).row(Head::of);
            return progress(connection, head, Asked.PLAN);
        }
    }

    private record Head(
            BulkOrder order,
            BulkStatus status,
            Instant createdAt,
            @Nullable Instant endedAt) {
        static Head of(ResultSet row) throws SQLException {
            return new Head(
                    BulkSteps.order(row),
                    BulkStatus.of(row.getString("status")),
                    Bind.instant(row, "created_at"),
                    Bind.time(row, "ended_at"));
        }
    }

    /** What is to be told beside the counts. */
    private enum Asked {
        /** Nothing: what became of the jobs since is read job by job. */
        COUNTS,
        OUTCOMES,
        PLAN
    }

    private static Progress progress(Connection connection, Head head, Asked asked) throws SQLException {
        UUID id = head.order().id();
        boolean isReplay = head.order().kind() == BulkKind.REPLAY;
        List<Count> counts;
        try (Bind bind = Bind.of(connection, COUNTS)) {
            counts = bind.flag(asked == Asked.PLAN)
                    .uuid(id)
                    .rows(row -> new Count(
                            fate(row),
                            row.getString("error_class"),
                            row.getString("model"),
                            row.getBoolean("planned"),
                            row.getInt("jobs"),
                            row.getBigDecimal("usd"),
                            row.getInt("unknown")));
        }
        return new Progress(
                head.order(),
                head.status(),
                head.createdAt(),
                head.endedAt(),
                counts,
                asked == Asked.COUNTS ? null : isReplay ? ReplayOutcomes.now(connection, id) : List.of(),
                asked == Asked.PLAN && isReplay ? ReplayOutcomes.failedAgain(connection, id) : null,
                asked == Asked.PLAN ? items(connection, asked, id, SKIPPED, null, MOST_SKIPPED) : null,
                isReplay ? ReplayOutcomes.refused(connection, id) : Refusals.NONE);
    }

    private static Fate fate(ResultSet row) throws SQLException {
        String outcome = row.getString("outcome");
        return switch (outcome) {
            case WAITING -> new Fate.Waiting();
            case DONE -> new Fate.Done();
            default -> new Fate.Skipped(SkipReason.of(outcome));
        };
    }
}
