package io.wavequeue.store;

import io.wavequeue.job.Lane;
import java.sql.Connection;
import java.sql.SQLException;

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
            select count(*)
            from (select 1
                  from job j
                  where dispatch_at is not null
                    and sends > 0
                    and lane = 'interactive'
                    and dispatched_at > now() - interval '4 seconds'
                    and not exists (select 1 from breaker b where b.scope in (j.model, '*'))
                    and not exists (select 1 from price_stop s where s.model = j.model and s.lifted_at is null)
                  limit ?) w
            """;

    private LanePriority() {}

    /** Those of the free permits that a claim of this lane may take when it wants so many. */
    static int share(Connection connection, Lane lane, int free, int wanted) throws SQLException {
        if (lane == Lane.INTERACTIVE || free <= 0 || free - wanted >= PLENTY) {
            return free;
        }
        return free - waiting(connection, free);
    }

    private static int waiting(Connection connection, int most) throws SQLException {
        try (Bind bind = Bind.of(connection, WAITING)) {
            return bind.integer(most).row(row -> row.getInt(1));
        }
    }
}
