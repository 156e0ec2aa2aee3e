package io.wavequeue.store;

import io.wavequeue.job.Account;
import io.wavequeue.job.Account.Limits;
import io.wavequeue.job.AccountLoad;
import io.wavequeue.job.AccountLoad.Turn;
import io.wavequeue.job.Lane;
import io.wavequeue.job.Pace;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
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
    /**
     * In words that only the indexes of queued jobs know (ADR 0013). What waits in stopped batches goes before nobody; the jobs of
     * no batch are one more turn.
     */
    static final String WAITING = """
            select w.lane, w.batch_id, w.model, sum(w.jobs)::bigint as jobs
            from (select lane, batch_id, model, count(*) as jobs
                  from job
                  where dispatch_at is not null
                    and sends = 0
                  group by lane, batch_id, model
                  union all
                  select lane, batch_id, model, count(*) as jobs
                  from job
                  where dispatch_at is not null
                    and sends > 0
                  group by lane, batch_id, model) w
            left join batch b on b.id = w.batch_id
            where b.stop is null
            group by w.lane, w.batch_id, w.model
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

    public AccountLoad read() {
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
                    waiting(connection),
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

    private record TurnKey(Lane lane, @Nullable UUID batchId) {}

    private static List<Turn> waiting(Connection connection) throws SQLException {
        Map<TurnKey, Map<String, Long>> turns = new HashMap<>();
        try (Bind bind = Bind.of(connection, WAITING)) {
            bind.rows(row -> turns.computeIfAbsent(
                            new TurnKey(Lane.of(row.getString("lane")), row.getObject("batch_id", UUID.class)),
                            ignored -> new HashMap<>())
                    .put(row.getString("model"), row.getLong("jobs")));
        }
        List<Turn> waiting = new ArrayList<>();
        turns.forEach((key, jobs) -> waiting.add(new Turn(key.lane(), jobs)));
        return waiting;
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
