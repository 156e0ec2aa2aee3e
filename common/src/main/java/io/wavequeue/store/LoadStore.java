package io.wavequeue.store;

import io.wavequeue.job.Account;
import io.wavequeue.job.Account.Limits;
import io.wavequeue.job.AccountLoad;
import io.wavequeue.job.AccountLoad.Turn;
import io.wavequeue.job.Lane;
import io.wavequeue.job.Pace;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the account has before it. Reads what waits and what is under way, and nothing of what has ended, however much that is. */
@ApplicationScoped
public class LoadStore {
    /** Nobody asks how long it takes behind more interactive jobs. */
    private static final int MOST_INTERACTIVE = 100_000;

    /** Of one turn; more would take longer to count than the forecast is worth. */
    private static final int MOST_OF_TURN = 200_000;

    /** More are never out at once: a window of each lane, and what is left of an older one. */
    private static final int MOST_OUT = 100_000;

    /**
     * What was not sent yet, from turn to turn by the index, as {@link BatchTurns} goes, and of each turn no more than matters. Said
     * so that no plan reads what has ended (ADR 0013). What waits in stopped batches goes before nobody.
     */
    static final String WAITING = """
            with recursive turns(lane, id) as (
              select l.lane, n.id
              from (values ('interactive'), ('bulk')) as l(lane)
              cross join lateral (
                select coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) as id
                from job
                where dispatch_at is not null
                  and sends = 0
                  and lane = l.lane
                order by coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid), dispatch_at, job.id
                limit 1) n
              union all
              select t.lane, n.id
              from turns t
              cross join lateral (
                select coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) as id
                from job
                where dispatch_at is not null
                  and sends = 0
                  and lane = t.lane
                  and coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) > t.id
                order by coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid), dispatch_at, job.id
                limit 1) n
            )
            select t.lane, t.id, w.model, w.jobs
            from turns t
            cross join lateral (
              select model, count(*) as jobs
              from (select model
                    from job
                    where dispatch_at is not null
                      and sends = 0
                      and lane = t.lane
                      and coalesce(batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) = t.id
                    order by dispatch_at, job.id
                    limit case t.lane when 'interactive' then ?::bigint else ?::bigint end) j
              group by model) w
            where (select stop from batch where batch.id = t.id) is null
            """;

    /** What was given to Kafka and not claimed. */
    static final String OUT = """
            select j.lane, coalesce(j.batch_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid) as id, j.model, count(*) as jobs
            from (select lane, batch_id, model
                  from job
                  where dispatch_at is not null
                    and sends > 0
                  order by dispatch_at, job.id
                  limit ?) j
            where (select stop from batch where batch.id = j.batch_id) is null
            group by j.lane, id, j.model
            """;

    /** At most as many as the account may have in flight. */
    static final String UNDER_WAY = """
            select model, count(*) as jobs
            from job
            where status in ('submitting', 'running')
            group by model
            """;

    /** Of all sizes together. Until its end is seen, a run holds its place. */
    private static final String RUN_TIMES = """
            select model, avg(ms)::bigint as ms
            from run_time
            cross join unnest(ended_ms) as e(ms)
            where size = ''
            group by model
            """;

    private static final String STOPPED = """
            select model
            from price_stop
            where lifted_at is null
            union
            select scope
            from breaker
            where opened_at is not null
            """;

    private static final String ALL_STOPPED = "select exists (select 1 from breaker where scope = '*') as stopped";

    private final Database database;

    LoadStore(Database database) {
        this.database = database;
    }

    /** @param newJobs how many are to come, at most: of no other bulk turn more go before them */
    public AccountLoad read(long newJobs) {
        return database.inTransaction(connection -> {
            Account account = AccountStore.read(connection, "");
            Permits permits = Permits.count(connection, null, null);
            Map<String, Long> underWay = counts(connection, UNDER_WAY);
            long following =
                    underWay.values().stream().mapToLong(Long::longValue).sum();
            Limits limits = account.limits();
            return new AccountLoad(
                    account.hold() != null || isNobodyServed(connection),
                    stopped(connection),
                    perMinute(account, permits),
                    limits.maxInFlight(),
                    permits.submitsOfTheMinute(),
                    permits.throttledFor(account),
                    waiting(connection, (int) Math.min(newJobs, MOST_OF_TURN)),
                    underWay,
                    (int) Math.max(0, permits.open() - following),
                    runTimes(connection));
        });
    }

    /** An account without a limit that was slowed by a 429 has one for a while. */
    private static @Nullable Integer perMinute(Account account, Permits permits) {
        Integer limit = account.limits().submitsPerMinute();
        Pace pace = account.slowPace(permits.at());
        return limit == null && pace != null ? Integer.valueOf(pace.full()) : limit;
    }

    /** The provider does not answer: nobody knows until when. */
    private static boolean isNobodyServed(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, ALL_STOPPED)) {
            return bind.row(row -> row.getBoolean("stopped"));
        }
    }

    private static Set<String> stopped(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, STOPPED)) {
            return new HashSet<>(bind.rows(row -> row.getString("model")));
        }
    }

    private record TurnKey(Lane lane, UUID batchId) {}

    private static List<Turn> waiting(Connection connection, int mostOfTurn) throws SQLException {
        Map<TurnKey, Map<String, Long>> turns = new HashMap<>();
        try (Bind bind = Bind.of(connection, WAITING)) {
            bind.integer(MOST_INTERACTIVE).integer(mostOfTurn).rows(row -> add(turns, row));
        }
        try (Bind bind = Bind.of(connection, OUT)) {
            bind.integer(MOST_OUT).rows(row -> add(turns, row));
        }
        List<Turn> waiting = new ArrayList<>();
        turns.forEach((key, jobs) -> waiting.add(new Turn(key.lane(), jobs)));
        return waiting;
    }

    private static long add(Map<TurnKey, Map<String, Long>> turns, ResultSet row) throws SQLException {
        return turns.computeIfAbsent(
                        new TurnKey(Lane.of(row.getString("lane")), Bind.uuid(row, "id")), ignored -> new HashMap<>())
                .merge(row.getString("model"), row.getLong("jobs"), Long::sum);
    }

    private static Map<String, Long> counts(Connection connection, String sql) throws SQLException {
        Map<String, Long> counts = new HashMap<>();
        try (Bind bind = Bind.of(connection, sql)) {
            bind.rows(row -> counts.put(row.getString("model"), row.getLong("jobs")));
        }
        return counts;
    }

    private static Map<String, Duration> runTimes(Connection connection) throws SQLException {
        Map<String, Duration> runTimes = new HashMap<>();
        try (Bind bind = Bind.of(connection, RUN_TIMES)) {
            bind.rows(row -> runTimes.put(row.getString("model"), Duration.ofMillis(row.getLong("ms"))));
        }
        return runTimes;
    }
}
