package io.wavequeue.store;

import io.wavequeue.job.Account;
import io.wavequeue.job.Breaker;
import io.wavequeue.job.Breaker.Cause;
import io.wavequeue.job.Breaker.Failure;
import io.wavequeue.job.Breaker.Policy;
import io.wavequeue.job.Breakers;
import io.wavequeue.job.Breakers.Heard;
import io.wavequeue.job.HoldReason;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The breakers' rows. Every change locks the account's row first, as every claim does, so that a claim sees all failures
 * that were written before it. While all is well there is no row, and nothing is written.
 */
@ApplicationScoped
public class BreakerStore {
    private static final String READ = """
            select scope, cause, failures, threshold, opened_at, probe_at, probe_wait_ms, last_job_id, reason, balance_usd
            from breaker
            order by scope
            """;

    private static final String WRITE = """
            insert into breaker (scope, cause, failures, threshold, opened_at, probe_at, probe_wait_ms, last_job_id, reason,
                                 balance_usd)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (scope) do update
            set cause = excluded.cause, failures = excluded.failures, threshold = excluded.threshold,
                opened_at = excluded.opened_at, probe_at = excluded.probe_at, probe_wait_ms = excluded.probe_wait_ms,
                last_job_id = excluded.last_job_id, reason = excluded.reason, balance_usd = excluded.balance_usd,
                updated_at = now()
            """;

    /** What waits for credit, and the cheapest of it; a price that nobody knows counts as none. */
    private static final String CHEAPEST = """
            select count(*) as jobs, coalesce(min(coalesce(round(j.reserve_usd * coalesce(f.factor, 1), 6), 0)), 0) as usd
            from job j
            left join price_factor f on f.model = j.model
            where ((j.status = 'held' and j.hold_reason = 'out_of_credits' and not j.held_by_batch)
                   or (j.status = 'queued' and j.dispatch_at <= now()))
              and not exists (select 1 from price_stop s where s.model = j.model and s.lifted_at is null)
            """;

    private final Database database;

    BreakerStore(Database database) {
        this.database = database;
    }

    /** What a change made of the breakers. */
    public record Change(Breakers before, Breakers after) {}

    public Breakers read() {
        return database.inTransaction(BreakerStore::read);
    }

    static Breakers read(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, READ)) {
            List<Breaker> rows = bind.rows(BreakerStore::breaker);
            return rows.isEmpty() ? Breakers.NONE : Breakers.of(rows);
        }
    }

    /** The database's clock now, not at the beginning of the transaction, which may have waited for a lock. */
    static Instant now(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, "select clock_timestamp() as now")) {
            return bind.row(row -> Bind.instant(row, "now"));
        }
    }

    static void write(Connection connection, Breakers before, Breakers after) throws SQLException {
        List<String> gone = after.goneSince(before);
        if (!gone.isEmpty()) {
            try (Bind bind = Bind.of(connection, "delete from breaker where scope = any(?::text[])")) {
                bind.array("text", gone, scope -> scope).update();
            }
        }
        for (Breaker breaker : after.changedSince(before)) {
            try (Bind bind = Bind.of(connection, WRITE)) {
                bind.text(breaker.scope())
                        .text(breaker.cause().code())
                        .integer(breaker.failures())
                        .integer(breaker.threshold())
                        .time(breaker.openedAt())
                        .time(breaker.probeAt())
                        .number(breaker.probeWait().toMillis())
                        .uuid(breaker.lastJobId())
                        .text(breaker.reason())
                        .usd(breaker.balanceUsd())
                        .update();
            }
        }
    }

    /** A submit went unanswered. */
    public Change failed(Failure failure, Policy policy) {
        return change((breakers, now) -> breakers.failed(failure, now, policy));
    }

    /** The provider answered the job's submit. Called before the job's own change, while its attempt is there. */
    public Change answered(String model, UUID jobId, int attempt, Heard heard) {
        return database.inTransaction(connection -> {
            AccountStore.read(connection, "for update");
            Instant claimedAt = claimedAt(connection, jobId, attempt);
            return change(
                    connection,
                    (breakers, now) ->
                            claimedAt == null ? breakers : breakers.answered(model, jobId, claimedAt, heard, now));
        });
    }

    /** The provider refused the job's submit for want of credit. Returns whether the submit was the probe for credit. */
    public boolean refusedForCredit(UUID jobId, String why, Policy policy) {
        Breaker before = change((breakers, now) -> breakers.refusedForCredit(jobId, why, now, policy))
                .before()
                .account();
        return before != null && before.cause() == Cause.OUT_OF_CREDITS && jobId.equals(before.lastJobId());
    }

    /**
     * Lifts a hold for want of credit for one probe, when the balance covers the cheapest job that waits and either is
     * higher than at the last probe or the wait is over.
     *
     * @return whether this call let a probe go
     */
    public boolean probeCredit(BigDecimal balanceUsd, Policy policy) {
        return database.inTransaction(connection -> {
            Account.Hold hold = AccountStore.read(connection, "for update").hold();
            Breakers before = read(connection);
            Instant now = now(connection);
            if (hold == null || hold.reason() != HoldReason.OUT_OF_CREDITS) {
                write(connection, before, before.balance(balanceUsd));
                return false;
            }
            if (!before.isWorthAProbe(balanceUsd, now) || !coversTheCheapest(connection, balanceUsd)) {
                return false;
            }
            write(connection, before, before.probeCredit(balanceUsd, hold.message(), now, policy));
            try (Bind bind = Bind.of(
                    connection,
                    "update account set hold_reason = null, hold_message = null, updated_at = now() where id = 1")) {
                return bind.update() == 1;
            }
        });
    }

    private static boolean coversTheCheapest(Connection connection, BigDecimal balanceUsd) throws SQLException {
        try (Bind bind = Bind.of(connection, CHEAPEST)) {
            return bind.row(row -> row.getLong("jobs") > 0
                    && balanceUsd.signum() > 0
                    && balanceUsd.compareTo(row.getBigDecimal("usd")) >= 0);
        }
    }

    private Change change(BiFunction<Breakers, Instant, Breakers> change) {
        return database.inTransaction(connection -> {
            AccountStore.read(connection, "for update");
            return change(connection, change);
        });
    }

    private static Change change(Connection connection, BiFunction<Breakers, Instant, Breakers> change)
            throws SQLException {
        Breakers before = read(connection);
        Breakers after = change.apply(before, now(connection));
        write(connection, before, after);
        return new Change(before, after);
    }

    private static @Nullable Instant claimedAt(Connection connection, UUID jobId, int attempt) throws SQLException {
        try (Bind bind = Bind.of(connection, "select claimed_at from attempt where job_id = ? and number = ?")) {
            List<Instant> found = bind.uuid(jobId).integer(attempt).rows(row -> Bind.instant(row, "claimed_at"));
            return found.isEmpty() ? null : found.getFirst();
        }
    }

    private static Breaker breaker(ResultSet row) throws SQLException {
        return new Breaker(
                row.getString("scope"),
                Cause.valueOf(row.getString("cause").toUpperCase(Locale.ROOT)),
                row.getInt("failures"),
                row.getInt("threshold"),
                Bind.time(row, "opened_at"),
                Bind.time(row, "probe_at"),
                Duration.ofMillis(row.getLong("probe_wait_ms")),
                row.getObject("last_job_id", UUID.class),
                row.getString("reason"),
                row.getBigDecimal("balance_usd"));
    }
}
