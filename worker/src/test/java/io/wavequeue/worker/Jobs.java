package io.wavequeue.worker;

import io.agroal.api.AgroalDataSource;
import io.wavequeue.dispatch.Dispatcher;
import io.wavequeue.job.JobIds;
import io.wavequeue.job.Lane;
import io.wavequeue.job.NewJob;
import io.wavequeue.store.JobIntake;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.awaitility.Awaitility;

/** Puts jobs in as the API does, and reads the rows as a person with psql does. */
@ApplicationScoped
public class Jobs {
    static final String MUSIC = "stability-ai/stable-audio-3/music";
    static final BigDecimal MUSIC_PRICE = new BigDecimal("0.021700");
    private static final Duration DEADLINE = Duration.ofSeconds(40);

    private final JobIntake intake;
    private final Dispatcher dispatcher;
    private final AgroalDataSource pool;
    private final JobIds ids = new JobIds(InstantSource.system(), new Random(7));

    Jobs(JobIntake intake, Dispatcher dispatcher, AgroalDataSource pool) {
        this.intake = intake;
        this.dispatcher = dispatcher;
        this.pool = pool;
    }

    UUID music(String prompt) {
        return enqueue(MUSIC, "{\"prompt\":\"" + prompt + "\",\"output_format\":\"wav\",\"duration\":1}", MUSIC_PRICE);
    }

    UUID enqueue(String model, String input, BigDecimal price) {
        NewJob job = new NewJob(
                ids.next(), model, Lane.INTERACTIVE, input, "{}", NewJob.Tag.NONE, NewJob.USUAL_ATTEMPTS, price, price);
        intake.enqueue(List.of(job));
        dispatcher.wake();
        return job.id();
    }

    /** Waits until the job has the status, and returns its row. */
    Map<String, Object> await(UUID job, String status) {
        Awaitility.await("job " + job + " to be " + status)
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> row("select status from job where id = ?", job).get("status"), status::equals);
        return row("select * from job where id = ?", job);
    }

    void awaitArchived(UUID job) {
        Awaitility.await("outputs of " + job + " to be archived")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> rows("select 1 from output where job_id = ? and archived_at is not null", job).size() == 1);
    }

    List<Map<String, Object>> attempts(UUID job) {
        return rows("select * from attempt where job_id = ? order by number", job);
    }

    Map<String, Object> row(String sql, Object... parameters) {
        List<Map<String, Object>> rows = rows(sql, parameters);
        if (rows.size() != 1) {
            throw new AssertionError(sql + " found " + rows.size() + " rows");
        }
        return rows.getFirst();
    }

    List<Map<String, Object>> rows(String sql, Object... parameters) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = bound(connection, sql, parameters);
                ResultSet result = statement.executeQuery()) {
            List<Map<String, Object>> rows = new ArrayList<>();
            ResultSetMetaData columns = result.getMetaData();
            while (result.next()) {
                Map<String, Object> row = new LinkedHashMap<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    row.put(columns.getColumnLabel(i), result.getObject(i));
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    int execute(String sql, Object... parameters) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = bound(connection, sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static PreparedStatement bound(Connection connection, String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
