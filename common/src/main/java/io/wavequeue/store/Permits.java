package io.wavequeue.store;

import io.wavequeue.job.Account;
import io.wavequeue.job.Account.Limits;
import io.wavequeue.job.Pace;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What of the account is in use, counted from the rows at one moment of the database's clock, and so how many submits may
 * be granted.
 *
 * @param isWorkerAlive false = the worker was declared dead: what it claims would be doubted at once
 * @param open attempts that hold a place in flight
 * @param submitting attempts whose reply is not known: they count against their minute as long as that is so
 * @param replies submits of which less than a minute ago a reply came
 * @param justGranted of those that are submitting, those granted within the pace's window
 * @param justReplied of the replies, those within the pace's window
 * @param at when this was so
 */
record Permits(
        boolean isWorkerAlive, int open, int submitting, int replies, int justGranted, int justReplied, Instant at) {

    /**
     * 61 s, since a reply's second is cut off. For the pace, which is no promise, that is left as it is: it makes up for
     * submits that are counted from their grant and again from their reply.
     *
     * <p>The open attempts, up to ten thousand, are counted in the index alone; only of the few that are submitting the rows
     * are read.
     */
    private static final String COUNT = """
            select ?::uuid is null or exists (select 1 from worker where id = ? and ended_at is null) as alive,
                   o.open, s.submitting, s.just_granted, w.replies, w.just_replied, now() as at
            from (select count(*)::int as open
                  from attempt
                  where status in ('submitting', 'accepted', 'uncertain')) o
            cross join (select count(*)::int as submitting,
                               (count(*) filter (where claimed_at > now() - make_interval(secs => ?)))::int
                                 as just_granted
                        from attempt
                        where status = 'submitting') s
            cross join (select coalesce(sum(submits), 0)::int as replies,
                               coalesce(sum(submits) filter (where second > now() - make_interval(secs => ?)), 0)::int
                                 as just_replied
                        from submit_window
                        where second > now() - interval '61 seconds') w
            """;

    /** @param workerId of the worker that asks; null = somebody who only wants to know */
    static Permits count(Connection connection, @Nullable UUID workerId, @Nullable Pace pace) throws SQLException {
        Duration window = pace == null ? Duration.ZERO : pace.window();
        try (Bind bind = Bind.of(connection, COUNT)) {
            return bind.uuid(workerId)
                    .uuid(workerId)
                    .seconds(window)
                    .seconds(window)
                    .row(row -> new Permits(
                            row.getBoolean("alive"),
                            row.getInt("open"),
                            row.getInt("submitting"),
                            row.getInt("replies"),
                            row.getInt("just_granted"),
                            row.getInt("just_replied"),
                            Bind.instant(row, "at")));
        }
    }

    /** Submits that count against the current minute. */
    int submitsOfTheMinute() {
        return submitting + replies;
    }

    /** How long nothing at all is granted, since the provider asked us to wait. */
    Duration throttledFor(Account account) {
        Instant until = account.throttledUntil();
        return until == null || !until.isAfter(at) ? Duration.ZERO : Duration.between(at, until);
    }

    /** How many submits may be granted now, at most {@code most}. */
    int free(Account account, int most) {
        if (!isWorkerAlive || account.hold() != null || throttledFor(account).isPositive()) {
            return 0;
        }
        Limits limits = account.limits();
        int free = most;
        if (limits.maxInFlight() != null) {
            free = Math.min(free, limits.maxInFlight() - open);
        }
        if (limits.submitsPerMinute() != null) {
            free = Math.min(free, limits.submitsPerMinute() - submitsOfTheMinute());
        }
        Pace pace = account.pace();
        if (pace != null) {
            free = Math.min(free, pace.share(limits.submitsPerMinute(), at) - justGranted - justReplied);
        }
        return Math.max(0, free);
    }
}
