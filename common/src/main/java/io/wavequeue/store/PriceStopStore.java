package io.wavequeue.store;

import io.wavequeue.job.PriceStop;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Models that are not submitted, since the bill has a higher price than was reserved, and what a person accepted.
 *
 * <p>A model is stopped as long as one of its differences says so. Claims and dispatch read {@code price_stop}; the jobs'
 * rows follow it ({@link HoldStore}).
 */
@ApplicationScoped
public class PriceStopStore {
    private static final String COLUMNS = "select model, difference_id, expected_usd, charged_usd from price_stop";

    /** A claim that reads it holds it until its commit: what is lifted later was held before. */
    private static final String ACTIVE = COLUMNS + " where lifted_at is null order by model for share";

    private static final String LOCK = "select model from price_stop order by model for update";

    /** Of several differences the one that asks for most is named: to accept it accepts them all. */
    private static final String FOLLOW = """
            with excess as (
              select distinct on (d.model) d.model, d.id, d.expected_usd, d.stopping_usd
              from bill_difference d
              where d.stopping_usd is not null
                and d.resolved_at is null
              order by d.model, d.stopping_usd / greatest(d.expected_usd, 0.000001) desc, d.id
            ), lifted as (
              update price_stop s
              set lifted_at = clock_timestamp()
              where s.lifted_at is null
                and not exists (select 1 from excess e where e.model = s.model)
            )
            insert into price_stop as s (model, difference_id, expected_usd, charged_usd)
            select model, id, expected_usd, stopping_usd
            from excess
            order by model
            on conflict (model) do update
            set difference_id = excluded.difference_id, expected_usd = excluded.expected_usd,
                charged_usd = excluded.charged_usd, stopped_at = now(), lifted_at = null, announced = false
            where s.lifted_at is not null
               or not exists (select 1 from bill_difference d where d.id = s.difference_id and d.resolved_at is null)
            """;

    private static final String ANNOUNCE = """
            update price_stop
            set announced = true
            where not announced
              and lifted_at is null
            returning model, difference_id, expected_usd, charged_usd
            """;

    private static final String ACCEPTABLE = """
            select d.model, d.resolved_at is not null as resolved, d.stopping_usd is not null as stops,
                   d.stopping_usd / nullif(coalesce(j.reserve_usd, j.estimated_usd), 0) as factor
            from bill_difference d
            left join job j on j.id = d.job_id
            where d.id = ?
            """;

    /** Rounded up, so that the price that was accepted is within it. */
    private static final String REMEMBER = """
            insert into price_factor as f (model, factor, difference_id)
            values (?, ceil(?::numeric * 1000000000) / 1000000000, ?)
            on conflict (model) do update
            set factor = excluded.factor, difference_id = excluded.difference_id, accepted_at = now()
            where f.factor < excluded.factor
            """;

    private static final String RESOLVE = """
            update bill_difference d
            set resolved_at = now()
            from job j, price_factor f
            where d.model = ?
              and d.stopping_usd is not null
              and d.resolved_at is null
              and j.id = d.job_id
              and f.model = d.model
              and d.stopping_usd <= coalesce(j.reserve_usd, j.estimated_usd) * f.factor + 0.000001
            """;

    private final Database database;

    PriceStopStore(Database database) {
        this.database = database;
    }

    /** What became of an acceptance. */
    public enum AcceptResult {
        /** The price is accepted, and the model goes on unless a still higher price stops it. */
        ACCEPTED,
        /** It was resolved before. */
        RESOLVED,
        /** It stops nothing, or its price cannot be put in relation to what was expected. */
        STOPS_NOTHING,
        /** There is no such difference. */
        UNKNOWN
    }

    private record Acceptable(
            @Nullable String model,
            boolean resolved,
            boolean stops,
            @Nullable BigDecimal factor) {}

    /** Accepts the price of that difference, and of all that ask for no more, for its model. */
    public AcceptResult accept(long differenceId) {
        return database.inTransaction(connection -> {
            // The bill's reader compares under this lock: it must not compare with a price that is being accepted.
            try (Bind bind = Bind.of(connection, "select fence from bill_cursor for update")) {
                bind.row(row -> row.getLong("fence"));
            }
            Optional<Acceptable> found = acceptable(connection, differenceId);
            if (found.isEmpty()) {
                return AcceptResult.UNKNOWN;
            }
            Acceptable difference = found.get();
            if (difference.resolved()) {
                return AcceptResult.RESOLVED;
            }
            if (!difference.stops() || difference.factor() == null) {
                return AcceptResult.STOPS_NOTHING;
            }
            try (Bind bind = Bind.of(connection, REMEMBER)) {
                bind.text(difference.model())
                        .usd(difference.factor())
                        .number(differenceId)
                        .update();
            }
            try (Bind bind = Bind.of(connection, RESOLVE)) {
                bind.text(difference.model()).update();
            }
            follow(connection);
            return AcceptResult.ACCEPTED;
        });
    }

    /** Stops that no log line has told of yet; they count as told from now on. */
    public List<PriceStop> announce() {
        return database.inTransaction(connection -> {
            try (Bind bind = Bind.of(connection, ANNOUNCE)) {
                return bind.rows(PriceStopStore::stop);
            }
        });
    }

    /** The models that may not be submitted now. */
    static List<PriceStop> active(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, ACTIVE)) {
            return bind.rows(PriceStopStore::stop);
        }
    }

    /** Stops and lifts as the differences say. */
    static void follow(Connection connection) throws SQLException {
        try (Bind bind = Bind.of(connection, LOCK)) {
            bind.rows(row -> row.getString("model"));
        }
        try (Bind bind = Bind.of(connection, FOLLOW)) {
            bind.update();
        }
    }

    private static Optional<Acceptable> acceptable(Connection connection, long differenceId) throws SQLException {
        try (Bind bind = Bind.of(connection, ACCEPTABLE)) {
            return bind
                    .number(differenceId)
                    .rows(row -> new Acceptable(
                            row.getString("model"),
                            row.getBoolean("resolved"),
                            row.getBoolean("stops"),
                            row.getBigDecimal("factor")))
                    .stream()
                    .findFirst();
        }
    }

    private static PriceStop stop(ResultSet row) throws SQLException {
        return new PriceStop(
                row.getString("model"),
                row.getLong("difference_id"),
                row.getBigDecimal("expected_usd"),
                row.getBigDecimal("charged_usd"));
    }
}
