package io.wavequeue.store;

import io.wavequeue.job.Account;
import io.wavequeue.job.Breaker;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.PriceStop;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Lets the jobs' rows follow the rows that stop or allow submitting.
 *
 * <p>Pausing the account, a refused key and an empty balance change the account's row, which dispatch and claim read, so
 * they take effect at once whatever the backlog. So does a price that stops its model. The jobs' own rows follow here, chunk
 * by chunk. What waits for its batch is {@link BatchFollowStore}'s.
 */
@ApplicationScoped
public class HoldStore {
    private static final String HOLD = """
            with chunk as (
              select id
              from job
              where status = 'queued'
                and %s
              limit ?
              for no key update skip locked
            )
            update job j
            set status = 'held', hold_reason = ?, dispatch_at = null, sends = 0, version = j.version + 1,
                error_class = ?, error_message = ?, error_retryable = true, updated_at = now()
            from chunk c
            where j.id = c.id
            """;

    private static final String HOLD_QUEUED = HOLD.formatted("true");

    /** A statement of its own, so that an index serves it: while a model is stopped it runs four times a second. */
    private static final String HOLD_QUEUED_OF = HOLD.formatted("model = ?");

    private static final String RELEASE_ACCOUNT_HOLDS = """
            with chunk as (
              select id
              from job
              where status = 'held'
                and hold_reason in ('paused', 'unauthorized', 'out_of_credits')
                and not held_by_batch
              order by hold_reason, created_at, id
              limit ?
              for no key update skip locked
            )
            update job j
            set status = 'queued', hold_reason = null, dispatch_at = now(), sends = 0, version = j.version + 1,
                error_class = null, error_message = null, error_retryable = null, updated_at = now()
            from chunk c
            where j.id = c.id
            """;

    /**
     * While a probe asks whether there is credit, only the cheapest job that may go follows; the others go on saying why they
     * wait.
     */
    private static final String RELEASE_CHEAPEST = """
            with cheapest as (
              select j.id, coalesce(round(j.reserve_usd * coalesce(f.factor, 1), 6), 'infinity') as usd
              from job j
              left join price_factor f on f.model = j.model
              where j.status = 'held'
                and j.hold_reason in ('paused', 'unauthorized', 'out_of_credits')
                and not j.held_by_batch
                and not exists (select 1 from price_stop s where s.model = j.model and s.lifted_at is null)
              order by 2, j.created_at, j.id
              limit 1
              for no key update of j skip locked
            )
            update job j
            set status = 'queued', hold_reason = null, dispatch_at = now(), sends = 0, version = j.version + 1,
                error_class = null, error_message = null, error_retryable = null, updated_at = now()
            from cheapest c
            where j.id = c.id
              and not exists (select 1
                              from job q
                              left join price_factor f on f.model = q.model
                              where q.status = 'submitting'
                                 or (q.status = 'queued'
                                     and (q.sends > 0 or q.dispatch_at <= now() + interval '5 seconds')
                                     and not exists (select 1 from price_stop s where s.model = q.model and s.lifted_at is null)
                                     and coalesce(round(q.reserve_usd * coalesce(f.factor, 1), 6), 'infinity') <= c.usd))
            """;

    /** What was held before its model's stop was lifted, whatever held it: the claim asks the budget anew. */
    private static final String RELEASE_LIFTED = """
            with chunk as (
              select j.id
              from price_stop s
              join job j on j.model = s.model
              where s.lifted_at is not null
                and j.status = 'held'
                and j.hold_reason = 'budget'
                and not j.held_by_batch
                and j.updated_at <= s.lifted_at
              limit ?
              for no key update of j skip locked
            )
            update job j
            set status = 'queued', hold_reason = null, dispatch_at = now(), sends = 0, version = j.version + 1,
                error_class = null, error_message = null, error_retryable = null, updated_at = now()
            from chunk c
            where j.id = c.id
            """;

    private static final String FORGET_LIFTED = """
            with lifted as (
              select model, lifted_at
              from price_stop
              where lifted_at is not null
              for update skip locked
            )
            delete from price_stop s
            using lifted l
            where s.model = l.model
              and not exists (select 1
                              from job j
                              where j.model = l.model
                                and j.status = 'held'
                                and j.hold_reason = 'budget'
                                and not j.held_by_batch
                                and j.updated_at <= l.lifted_at)
            """;

    private static final String IS_LIFTED = "select exists (select 1 from price_stop where lifted_at is not null)";

    /** Only while nothing else is queued: what is queued has the first call on the budget. */
    private static final String RELEASE_AFFORDABLE = """
            with candidate as (
              select id, sum(usd) over (order by created_at, id) as sum_usd
              from (select j.id, j.created_at, round(j.reserve_usd * coalesce(f.factor, 1), 6) as usd
                    from job j
                    left join price_factor f on f.model = j.model
                    where j.status = 'held'
                      and j.hold_reason = 'budget'
                      and not j.held_by_batch
                      and not exists (select 1 from price_stop s where s.model = j.model and s.lifted_at is null)
                      and (?::numeric is null
                           or round(j.reserve_usd * coalesce(f.factor, 1), 6) <= ?::numeric - coalesce((select committed_usd
                                                          from budget_day
                                                          where day = (now() at time zone 'UTC')::date), 0))
                    order by j.created_at, j.id
                    limit ?
                    for no key update of j skip locked) h
            )
            update job j
            set status = 'queued', hold_reason = null, dispatch_at = now(), sends = 0, version = j.version + 1,
                error_class = null, error_message = null, error_retryable = null, updated_at = now()
            from candidate c
            where j.id = c.id
              and not exists (select 1 from job where status = 'queued')
              and (?::numeric is null
                   or c.sum_usd <= ?::numeric - coalesce((select committed_usd from budget_day
                                                          where day = (now() at time zone 'UTC')::date), 0))
            """;

    private final Database database;

    HoldStore(Database database) {
        this.database = database;
    }

    /** Moves at most one chunk of rows. Returns how many it moved: 0 = nothing is left to do. */
    public int follow(int chunk) {
        return database.inTransaction(connection -> {
            Account account = AccountStore.read(connection, "");
            Account.Hold hold = account.hold();
            if (hold != null) {
                return holdQueued(connection, null, hold.reason(), hold.message(), chunk);
            }
            Breaker breaker = BreakerStore.read(connection).account();
            if (breaker != null && breaker.cause() == Breaker.Cause.OUT_OF_CREDITS) {
                return followPrices(connection, chunk)
                        + (breaker.isDue(BreakerStore.now(connection)) ? releaseCheapest(connection) : 0);
            }
            return releaseAccountHolds(connection, chunk)
                    + followPrices(connection, chunk)
                    + releaseAffordable(connection, account.dailyBudgetUsd(), chunk);
        });
    }

    private static int holdQueued(
            Connection connection, @Nullable String model, HoldReason reason, String message, int chunk)
            throws SQLException {
        try (Bind bind = Bind.of(connection, model == null ? HOLD_QUEUED : HOLD_QUEUED_OF)) {
            return (model == null ? bind : bind.text(model))
                    .integer(chunk)
                    .text(reason.code())
                    .text(reason.errorClass().code())
                    .text(message)
                    .update();
        }
    }

    private static int followPrices(Connection connection, int chunk) throws SQLException {
        int moved = 0;
        for (PriceStop stop : PriceStopStore.active(connection)) {
            moved += holdQueued(connection, stop.model(), HoldReason.BUDGET, stop.message(), chunk);
        }
        return moved + releaseLifted(connection, chunk);
    }

    private static int releaseLifted(Connection connection, int chunk) throws SQLException {
        try (Bind bind = Bind.of(connection, IS_LIFTED)) {
            if (!bind.row(row -> row.getBoolean(1))) {
                return 0;
            }
        }
        int released;
        try (Bind bind = Bind.of(connection, RELEASE_LIFTED)) {
            released = bind.integer(chunk).update();
        }
        try (Bind bind = Bind.of(connection, FORGET_LIFTED)) {
            bind.update();
        }
        return released;
    }

    private static int releaseCheapest(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, RELEASE_CHEAPEST)) {
            return bind.update();
        }
    }

    private static int releaseAccountHolds(Connection connection, int chunk) throws SQLException {
        try (Bind bind = Bind.of(connection, RELEASE_ACCOUNT_HOLDS)) {
            return bind.integer(chunk).update();
        }
    }

    private static int releaseAffordable(Connection connection, @Nullable BigDecimal budget, int chunk)
            throws SQLException {
        try (Bind bind = Bind.of(connection, RELEASE_AFFORDABLE)) {
            return bind.usd(budget)
                    .usd(budget)
                    .integer(chunk)
                    .usd(budget)
                    .usd(budget)
                    .update();
        }
    }
}
