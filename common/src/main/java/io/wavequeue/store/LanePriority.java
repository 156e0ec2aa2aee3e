package io.wavequeue.store;

import io.wavequeue.job.Lane;
import io.wavequeue.store.BreakerGate.UnderWay;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who gets a permit when they are short: a bulk claim leaves as many as there are interactive jobs waiting, at whichever
 * worker. None is left for long to a job that does not take it.
 */
final class LanePriority {
    /** With so many left over nobody has to be asked. */
    private static final int PLENTY = 1_000;

    /**
     * Who was given to Kafka longer ago has given up its place, since no worker waits so long for a permit; or its worker
     * died. A model in trouble takes none, however many of its jobs wait.
     */
    static final String WAITING = """
            select w.model, count(*)::int as jobs
            from (select j.model
                  from job j
                  where dispatch_at is not null
                    and sends > 0
                    and lane = 'interactive'
                    and dispatched_at > now() - interval '4 seconds'
                    and not exists (select 1 from breaker b where b.scope in (j.model, '*'))
                    and not exists (select 1 from price_stop s where s.model = j.model and s.lifted_at is null)
                  limit ?) w
            group by w.model
            """;

    private LanePriority() {}

    /** Those of the free permits that a claim of this lane may take when it wants so many. */
    static int share(Connection connection, Lane lane, int free, int wanted, Caution caution) throws SQLException {
        if (lane == Lane.INTERACTIVE || free <= 0 || free - wanted >= PLENTY) {
            return free;
        }
        Map<String, Integer> waiting = waiting(connection, free);
        if (waiting.keySet().stream().allMatch(caution::isProven)) {
            return free - sum(waiting);
        }
        Map<String, UnderWay> underWay = ClaimStore.underWay(connection);
        waiting.replaceAll((model, jobs) -> Math.min(jobs, mayGo(model, underWay.get(model), caution)));
        return free - sum(waiting);
    }

    /** Of a model of which nobody has heard an answer lately, no more than the first few are let through. */
    private static int mayGo(String model, @Nullable UnderWay submits, Caution caution) {
        if (caution.isProven(model) || (submits != null && submits.answered())) {
            return Integer.MAX_VALUE;
        }
        return Math.max(0, caution.atFirst() - (submits == null ? 0 : submits.all()));
    }

    private static int sum(Map<String, Integer> waiting) {
        return waiting.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static Map<String, Integer> waiting(Connection connection, int most) throws SQLException {
        Map<String, Integer> waiting = new HashMap<>();
        try (Bind bind = Bind.of(connection, WAITING)) {
            bind.integer(most).rows(row -> waiting.put(row.getString("model"), row.getInt("jobs")));
        }
        return waiting;
    }
}
