package io.wavequeue.store;

import io.wavequeue.job.BillRow;
import io.wavequeue.job.DifferenceKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The provider's bill: who reads it, how far, its lines, and what they make of our attempts' charges and refunds.
 *
 * <p>One process reads at a time, under a lease with a fence. Every write locks the cursor's row under that fence first, so
 * a reader that was away for longer than its lease writes nothing. Lines are kept by their uuid, and sums are taken anew
 * from all lines of a prediction: reading a page twice changes nothing.
 *
 * <p>Attempts that are being changed at this moment are skipped and booked by a later call; so this waits for no job's
 * lock, and the budgets, the day's and then the batches', are locked last, as by {@link JobTransitions}.
 */
@ApplicationScoped
public class BillStore {
    private static final String LEASE = """
            update bill_cursor
            set holder = ?, fence = fence + 1, lease_until = now() + make_interval(secs => ?)
            where due_at <= now()
              and (lease_until is null or lease_until <= now() or holder = ?)
            returning fence, coalesce(position, (select created_at from installation)) as position
            """;

    private static final String RELEASE = """
            update bill_cursor
            set holder = null, lease_until = null, due_at = now() + make_interval(secs => ?)
            where fence = ?
            """;

    private static final String LOCK = """
            select fence
            from bill_cursor
            where fence = ?
            for update
            """;

    private static final String ADVANCE = """
            update bill_cursor
            set position = greatest(position, ?), lease_until = now() + make_interval(secs => ?)
            where fence = ?
            """;

    /** Whatever was billed until shortly before now has been seen; nothing of it need be read for ever. */
    private static final String READ_TO_END = """
            update bill_cursor
            set read_at = now(), position = greatest(position, now() - make_interval(secs => ?))
            where fence = ?
            """;

    private static final String KEEP = """
            insert into bill_row as r (uuid, prediction_id, model, kind, usd, billed_at, settled)
            select *
            from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::numeric[], ?::timestamptz[], ?::boolean[])
            on conflict (uuid) do update
            set usd = excluded.usd, kind = excluded.kind, settled = excluded.settled, seen_at = now(),
                booked = r.booked and r.usd = excluded.usd and r.kind = excluded.kind,
                listed = r.listed and r.usd = excluded.usd and r.kind = excluded.kind
            where (r.usd, r.kind, r.settled) is distinct from (excluded.usd, excluded.kind, excluded.settled)
            """;

    private static final String BOOK = """
            with ours as (
              select a.job_id, a.number, a.prediction_id, a.status, a.budget_day,
                     (select j.batch_id from job j where j.id = a.job_id) as batch_id,
                     a.reserved_usd, a.charged_usd, a.refunded_usd
              from attempt a
              where a.prediction_id = any(?)
              order by a.job_id, a.number
              for update of a skip locked
            ), billed as (
              select o.*, coalesce(s.charged_usd, o.charged_usd) as charged_now, coalesce(s.refunded_usd, o.refunded_usd) as refunded_now
              from ours o
              cross join lateral (select sum(r.usd) filter (where r.kind = 'deduct') as charged_usd,
                                         sum(r.usd) filter (where r.kind = 'refund') as refunded_usd
                                  from bill_row r
                                  where r.subject = o.prediction_id) s
            ), attempt_changed as (
              update attempt a
              set charged_usd = b.charged_now, refunded_usd = b.refunded_now
              from billed b
              where a.job_id = b.job_id
                and a.number = b.number
                and (a.charged_usd, a.refunded_usd) is distinct from (b.charged_now, b.refunded_now)
            ), row_booked as (
              update bill_row r
              set booked = true
              from ours o
              where r.subject = o.prediction_id
                and not r.booked
            ), budget_change as (
              select batch_id, budget_day,
                     greatest(coalesce(charged_now, reserved_usd) - coalesce(refunded_now, 0), 0)
                       - greatest(coalesce(charged_usd, reserved_usd) - coalesce(refunded_usd, 0), 0) as change_usd
              from billed
              where status in ('completed', 'failed')
            ), %s
            select count(*) from billed
            """.formatted(Committed.MOVED);

    /**
     * What a pass looks at besides the pages: lines that could not be booked or listed when they came, lines whose
     * prediction became an attempt's since, and charges that may have found their job. Older ones than the provider keeps
     * predictions for are left alone.
     */
    private static final String LEFT_OVER = """
            select s.subject
            from (select r.subject
                  from bill_row r
                  where not r.booked
                    and not r.listed
                  union
                  select r.subject
                  from bill_row r
                  join attempt a on a.prediction_id = r.prediction_id
                  where not r.booked
                    and r.seen_at > now() - interval '8 days'
                  union
                  select d.subject
                  from bill_difference d
                  where d.kind = 'charged_without_job'
                    and d.resolved_at is null
                    and d.first_seen_at > now() - interval '8 days') s
            where s.subject > ?
            order by s.subject
            limit ?
            """;

    private static final String STATE = """
            select (select coalesce(extract(epoch from now() - read_at)::float8, 'NaN') from bill_cursor) as age_s,
                   (select count(*) from price_stop where lifted_at is null)::int as stopped,
                   k.kind, count(d.id)::int as open
            from unnest(?::text[]) as k(kind)
            left join bill_difference d on d.kind = k.kind and d.resolved_at is null
            group by k.kind
            """;

    private static final int LEFT_OVER_AT_ONCE = 500;

    private final Database database;

    BillStore(Database database) {
        this.database = database;
    }

    /**
     * The right to read the bill for a while.
     *
     * @param position how far it has been read, in the provider's time
     */
    public record Lease(long fence, Instant position, Duration length) {}

    /**
     * How long a difference takes to be one.
     *
     * @param refundAfter after its end, a failed attempt's money should be back
     * @param slack a prediction is charged at most so long before or after the claim of its attempt
     */
    public record Patience(Duration refundAfter, Duration slack) {}

    /**
     * What is known of the bill now.
     *
     * @param ageSeconds since it was last read to its end; not a number = never
     * @param stoppedModels models that are not submitted until a person accepts their price
     */
    public record State(double ageSeconds, Map<DifferenceKind, Integer> open, int stoppedModels) {}

    /** Another process reads the bill now; what this one has read is dropped. */
    public static final class LeaseLostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LeaseLostException() {
            super("another process reads the bill now");
        }
    }

    /** Empty when the bill is not due, or another process reads it. */
    public Optional<Lease> lease(UUID holder, Duration length) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, LEASE)) {
                return bind
                        .uuid(holder)
                        .seconds(length)
                        .uuid(holder)
                        .rows(row -> new Lease(
                                row.getLong("fence"), Objects.requireNonNull(Bind.time(row, "position")), length))
                        .stream()
                        .findFirst();
            }
        });
    }

    /** Ends the lease; the bill is due again after the delay. */
    public void release(Lease lease, Duration again) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, RELEASE)) {
                return bind.seconds(again).number(lease.fence()).update();
            }
        });
    }

    /**
     * Keeps a page's lines, books them on our attempts, lists the differences, and moves the cursor on, all or nothing.
     *
     * @param position everything before it has been read; null = cannot be told yet
     * @return new differences by kind
     */
    public Map<DifferenceKind, Integer> keep(
            Lease lease, List<BillRow> rows, @Nullable Instant position, Patience patience) {
        SequencedSet<String> subjects = new LinkedHashSet<>();
        Map<String, BillRow> byUuid = new TreeMap<>();
        for (BillRow row : rows) {
            byUuid.put(row.uuid(), row);
            subjects.add(row.predictionId() == null ? row.uuid() : row.predictionId());
        }
        return database.inTransaction(connection -> {
            lock(connection, lease);
            keep(connection, byUuid.values());
            Map<DifferenceKind, Integer> found = compare(connection, subjects, patience);
            try (Bind bind = Bind.of(connection, ADVANCE)) {
                bind.time(position)
                        .seconds(lease.length())
                        .number(lease.fence())
                        .update();
            }
            return found;
        });
    }

    /**
     * After the last page: whatever waited for its attempt, and refunds that are overdue.
     *
     * @param margin the provider's clock may be so much behind ours
     * @return new differences by kind
     */
    public Map<DifferenceKind, Integer> readToEnd(Lease lease, Duration margin, Patience patience) {
        Map<DifferenceKind, Integer> found = new EnumMap<>(DifferenceKind.class);
        String after = "";
        while (true) {
            String from = after;
            List<String> subjects = new ArrayList<>();
            Map<DifferenceKind, Integer> some = database.inTransaction(connection -> {
                subjects.clear();
                lock(connection, lease);
                try (Bind bind = Bind.of(connection, LEFT_OVER)) {
                    subjects.addAll(bind.text(from).integer(LEFT_OVER_AT_ONCE).rows(row -> row.getString("subject")));
                }
                return compare(connection, subjects, patience);
            });
            add(found, some);
            if (subjects.size() < LEFT_OVER_AT_ONCE) {
                break;
            }
            after = subjects.getLast();
        }
        add(found, database.inTransaction(connection -> {
            lock(connection, lease);
            try (Bind bind = Bind.of(connection, READ_TO_END)) {
                bind.seconds(margin).number(lease.fence()).update();
            }
            PriceStopStore.follow(connection);
            return BillDifferences.refunds(connection, patience.refundAfter());
        }));
        return found;
    }

    public State state() {
        return database.inTransaction(connection -> {
            Map<DifferenceKind, Integer> open = new EnumMap<>(DifferenceKind.class);
            try (Bind bind = Bind.of(connection, STATE)) {
                List<DifferenceKind> kinds = List.of(DifferenceKind.values());
                return bind.array("text", kinds, DifferenceKind::code)
                        .rows(row -> {
                            open.put(BillDifferences.kind(row.getString("kind")), row.getInt("open"));
                            return new State(row.getDouble("age_s"), open, row.getInt("stopped"));
                        })
                        .getFirst();
            }
        });
    }

    private static void lock(Connection connection, Lease lease) throws SQLException {
        try (Bind bind = Bind.of(connection, LOCK)) {
            if (bind.number(lease.fence()).rows(row -> row.getLong("fence")).isEmpty()) {
                throw new LeaseLostException();
            }
        }
    }

    private static void keep(Connection connection, Collection<BillRow> rows) throws SQLException {
        try (Bind bind = Bind.of(connection, KEEP)) {
            bind.array("text", rows, BillRow::uuid)
                    .array("text", rows, BillRow::predictionId)
                    .array("text", rows, BillRow::model)
                    .array("text", rows, row -> row.kind().code())
                    .array("numeric", rows, BillRow::usd)
                    .array("timestamptz", rows, row -> row.at().toString())
                    .array("boolean", rows, BillRow::settled)
                    .update();
        }
    }

    private static Map<DifferenceKind, Integer> compare(
            Connection connection, Collection<String> subjects, Patience patience) throws SQLException {
        if (subjects.isEmpty()) {
            return Map.of();
        }
        try (Bind bind = Bind.of(connection, BOOK)) {
            bind.array("text", subjects, subject -> subject).row(row -> row.getLong(1));
        }
        Map<DifferenceKind, Integer> found = new EnumMap<>(DifferenceKind.class);
        add(found, BillDifferences.ofOurs(connection, subjects));
        add(found, BillDifferences.ofUnknown(connection, subjects, patience.slack()));
        PriceStopStore.follow(connection);
        return found;
    }

    private static void add(Map<DifferenceKind, Integer> sum, Map<DifferenceKind, Integer> some) {
        some.forEach((kind, count) -> sum.merge(kind, count, Integer::sum));
    }
}
