package io.wavequeue.api;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tests' own hand in the tables. */
@ApplicationScoped
public class Tables {
    private final AgroalDataSource pool;

    Tables(AgroalDataSource pool) {
        this.pool = pool;
    }

    /** No jobs, no media, the account as after the first start. */
    public void empty() {
        run(
                "truncate past_jobs, removal, library, take, plan, plan_item, batch, job, job_payload, job_replay, restored_job, replay_refusal, attempt, output, media, idempotency_key, budget_day, submit_window, media_address,"
                        + " candidate, allowance_day, bill_row, bill_difference, breaker, webhook_evidence, webhook_secret, resolution,"
                        + " resolution_item, price_stop, price_factor");
        run("update account set tier = 'ultra', submits_per_minute = 5000, max_in_flight = 10000, "
                + "daily_budget_usd = null, hold_reason = null, hold_message = null, throttled_until = null, balance_usd = null, "
                + "pace_per_minute = null, pace_full = null, pace_since = null");
    }

    public int run(String sql, @Nullable Object... parameters) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = bound(connection, sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of every row, as text. */
    public List<@Nullable String> column(String sql, @Nullable Object... parameters) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = bound(connection, sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            List<@Nullable String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public String value(String sql, @Nullable Object... parameters) {
        String value = column(sql, parameters).getFirst();
        if (value == null) {
            throw new IllegalStateException("nothing found by " + sql);
        }
        return value;
    }

    private static PreparedStatement bound(Connection connection, String sql, @Nullable Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
