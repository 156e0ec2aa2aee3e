package io.wavequeue.store;

import io.wavequeue.job.Account;
import io.wavequeue.job.Account.Hold;
import io.wavequeue.job.Account.Limits;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.Pace;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The account's row: limits, budget, hold, throttle and pace. */
@ApplicationScoped
public class AccountStore {
    private static final String COLUMNS = "tier, submits_per_minute, max_in_flight, daily_budget_usd, hold_reason,"
            + " hold_message, throttled_until, pace_per_minute, pace_full, pace_since";

    private final Database database;

    AccountStore(Database database) {
        this.database = database;
    }

    /**
     * Use of the account at one moment.
     *
     * @param inFlight open attempts
     * @param submitsLastMinute submits that count against the current minute
     * @param committedTodayUsd reserved and charged on this UTC day
     * @param balanceUsd as last told by the provider; null = not asked yet
     * @param at that moment, by the database's clock
     */
    public record Use(
            int inFlight,
            int submitsLastMinute,
            BigDecimal committedTodayUsd,
            @Nullable BigDecimal balanceUsd,
            Instant at) {}

    /** Writes the limits and the budget at the first start; afterwards the row is the truth and nothing changes. */
    public void seed(Limits limits, @Nullable BigDecimal dailyBudgetUsd) {
        database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, """
                    insert into account (id, tier, submits_per_minute, max_in_flight, daily_budget_usd)
                    values (1, ?, ?, ?, ?)
                    on conflict (id) do nothing
                    """)) {
                return bind.text(limits.tier())
                        .integer(limits.submitsPerMinute())
                        .integer(limits.maxInFlight())
                        .usd(dailyBudgetUsd)
                        .update();
            }
        });
    }

    public Account read() {
        return database.inTransaction(connection -> read(connection, ""));
    }

    static Account read(Connection connection, String lock) throws SQLException {
        try (Bind bind = Bind.of(connection, "select " + COLUMNS + " from account where id = 1 " + lock)) {
            return bind.row(AccountStore::account);
        }
    }

    /** How many submits a minute may have now: by the pace, else by the limit; empty = any number. */
    public OptionalDouble submitsPerMinute() {
        return database.inTransaction(connection -> {
            Account account = read(connection, "");
            Integer limit = account.limits().submitsPerMinute();
            Instant now = BreakerStore.now(connection);
            Pace pace = account.slowPace(now);
            if (pace != null) {
                return OptionalDouble.of(pace.at(limit, now));
            }
            return limit == null ? OptionalDouble.empty() : OptionalDouble.of(limit);
        });
    }

    public Use use() {
        return database.inTransaction(connection -> {
            Permits permits = Permits.count(connection, null, null);
            try (Bind bind = Bind.of(connection, """
                    select coalesce((select committed_usd from budget_day
                                     where day = (now() at time zone 'UTC')::date), 0) as committed_usd,
                           (select balance_usd from account where id = 1) as balance_usd
                    """)) {
                return bind.row(row -> new Use(
                        permits.open(),
                        permits.submitsOfTheMinute(),
                        row.getBigDecimal("committed_usd"),
                        row.getBigDecimal("balance_usd"),
                        permits.at()));
            }
        });
    }

    /** Changes limits and budget by what they are now; two changes at once go one after the other. */
    public Account change(UnaryOperator<Account> change) {
        return database.inTransaction(connection -> {
            Account changed = change.apply(read(connection, "for update"));
            write(connection, changed.limits(), changed.dailyBudgetUsd());
            return changed;
        });
    }

    private static void write(Connection connection, Limits limits, @Nullable BigDecimal dailyBudgetUsd)
            throws SQLException {
        try (Bind bind = Bind.of(connection, """
                update account
                set tier = ?, submits_per_minute = ?, max_in_flight = ?, daily_budget_usd = ?, updated_at = now()
                where id = 1
                """)) {
            bind.text(limits.tier())
                    .integer(limits.submitsPerMinute())
                    .integer(limits.maxInFlight())
                    .usd(dailyBudgetUsd)
                    .update();
        }
    }

    /**
     * Stops all submitting, unless it is stopped already; a person's pause takes the place of any other reason, so that
     * nothing but a person lifts it. True when this call changed the row.
     */
    public boolean hold(HoldReason reason, String message) {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, """
                    update account
                    set hold_reason = ?, hold_message = ?, updated_at = now()
                    where id = 1
                      and (hold_reason is null or (? = 'paused' and hold_reason <> 'paused'))
                    """)) {
                return bind.text(reason.code())
                                .text(message)
                                .text(reason.code())
                                .update()
                        == 1;
            }
        });
    }

    /** Lets submitting go on, whatever stopped or slowed it; closes the breakers too. */
    public void resume() {
        database.inTransaction(connection -> {
            read(connection, "for update");
            try (Bind bind = Bind.of(connection, "delete from breaker")) {
                bind.update();
            }
            try (Bind bind = Bind.of(connection, """
                    update account
                    set hold_reason = null, hold_message = null, throttled_until = null, pace_per_minute = null,
                        pace_full = null, pace_since = null, updated_at = now()
                    where id = 1
                    """)) {
                return bind.update();
            }
        });
    }

    /**
     * A submit was answered 429: no claim before the delay is over, a later time that is already set stays; then half as
     * many as before. The other submits of the same time change the pace no more: they were granted before it fell.
     *
     * @param grantedSince the decrease after which the submit was granted ({@link ClaimStore.ClaimedJob#pacedSince})
     * @return the new pace; empty when it did not change
     */
    public Optional<Pace> throttle(Duration delay, @Nullable Instant grantedSince) {
        return database.inTransaction(connection -> {
            Account account = read(connection, "for update");
            Instant now = BreakerStore.now(connection);
            Instant until = later(now.plus(delay), account.throttledUntil());
            Pace before = account.pace();
            boolean isNews = Objects.equals(before == null ? null : before.since(), grantedSince);
            Integer limit = account.limits().submitsPerMinute();
            Pace pace = isNews ? Pace.halved(before, limit, lastMinute(connection), now, until) : before;
            try (Bind bind = Bind.of(connection, """
                    update account
                    set throttled_until = ?, pace_per_minute = ?, pace_full = ?, pace_since = ?, updated_at = now()
                    where id = 1
                    """)) {
                bind.time(until)
                        .integer(pace == null ? null : pace.perMinute())
                        .integer(pace == null ? null : pace.full())
                        .time(pace == null ? null : pace.since())
                        .update();
            }
            return isNews ? Optional.ofNullable(pace) : Optional.empty();
        });
    }

    private static int lastMinute(Connection connection) throws SQLException {
        return Permits.count(connection, null, null).submitsOfTheMinute();
    }

    private static Instant later(Instant one, @Nullable Instant other) {
        return other != null && other.isAfter(one) ? other : one;
    }

    /** Keeps the balance as the provider told it just now. */
    public void balance(BigDecimal usd) {
        database.inTransaction(connection -> {
            try (Bind bind =
                    Bind.of(connection, "update account set balance_usd = ?, balance_at = now() where id = 1")) {
                return bind.usd(usd).update();
            }
        });
    }

    /** The id of this installation, which our own Kafka records carry. */
    public UUID installationId() {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, "select id from installation")) {
                return bind.row(row -> Bind.uuid(row, "id"));
            }
        });
    }

    private static Account account(ResultSet row) throws SQLException {
        String hold = row.getString("hold_reason");
        Instant paceSince = Bind.time(row, "pace_since");
        return new Account(
                new Limits(
                        row.getString("tier"),
                        row.getObject("submits_per_minute", Integer.class),
                        row.getObject("max_in_flight", Integer.class)),
                row.getBigDecimal("daily_budget_usd"),
                hold == null
                        ? null
                        : new Hold(HoldReason.valueOf(hold.toUpperCase(Locale.ROOT)), row.getString("hold_message")),
                Bind.time(row, "throttled_until"),
                paceSince == null ? null : new Pace(row.getInt("pace_per_minute"), row.getInt("pace_full"), paceSince));
    }
}
