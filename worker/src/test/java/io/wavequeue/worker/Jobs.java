package io.wavequeue.worker;

import io.agroal.api.AgroalDataSource;
import io.wavequeue.dispatch.Dispatcher;
import io.wavequeue.job.JobIds;
import io.wavequeue.job.Lane;
import io.wavequeue.job.NewJob;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.store.AccountStore;
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
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Puts jobs in as the API does, and reads the rows as a person with psql does. */
@ApplicationScoped
public class Jobs {
    static final String MUSIC = "stability-ai/stable-audio-3/music";
    static final BigDecimal MUSIC_PRICE = new BigDecimal("0.021700");
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final JobIntake intake;
    private final Dispatcher dispatcher;
    private final AccountStore accounts;
    private final AgroalDataSource pool;
    private final JobIds ids = new JobIds(InstantSource.system(), new Random(7));

    Jobs(JobIntake intake, Dispatcher dispatcher, AccountStore accounts, AgroalDataSource pool) {
        this.intake = intake;
        this.dispatcher = dispatcher;
        this.accounts = accounts;
        this.pool = pool;
    }

    /** No jobs, no limits, no hold, and a provider that has seen nothing. */
    public void beginAnew(Simulator simulator) {
        accounts.resume();
        simulator.reset();
        simulator.set("latency", "fixed:20");
        deleteAll();
        execute("delete from submit_window");
        execute("delete from budget_day");
        execute("delete from resolution");
        execute("delete from price_stop");
        execute("delete from price_factor");
        execute("update bill_difference set resolved_at = now() where resolved_at is null");
        execute("update account set daily_budget_usd = null, tier = 'custom', submits_per_minute = 100000,"
                + " max_in_flight = 10000");
    }

    public void deleteAll() {
        delete("true");
    }

    void deleteAllBut(UUID kept) {
        delete("id <> ?", kept);
    }

    /** Locked in the order in which others lock them: a former test's archiver may still be writing. */
    private void delete(String which, Object... parameters) {
        execute(
                "with locked as materialized (select id from job where " + which + " order by id for update)"
                        + " delete from job where id = any(array(select id from locked))",
                parameters);
    }

    /** What our rows say was charged. */
    BigDecimal chargedUsd() {
        return (BigDecimal)
                row("select coalesce(sum(charged_usd), 0) as usd from attempt").get("usd");
    }

    public UUID music(String prompt) {
        return enqueue(MUSIC, "{\"prompt\":\"" + prompt + "\",\"output_format\":\"wav\",\"duration\":1}", MUSIC_PRICE);
    }

    UUID enqueue(String model, String input, BigDecimal price) {
        return enqueue(List.of(job(model, input, price, Lane.INTERACTIVE))).getFirst();
    }

    List<UUID> musicInBulk(int count) {
        return enqueue(IntStream.range(0, count)
                .mapToObj(i -> job(MUSIC, "{\"prompt\":\"cue " + i + "\"}", MUSIC_PRICE, Lane.BULK))
                .toList());
    }

    List<UUID> inBulk(String model, BigDecimal price, List<String> inputs) {
        return enqueue(inputs.stream()
                .map(input -> job(model, input, price, Lane.BULK))
                .toList());
    }

    private List<UUID> enqueue(List<NewJob> jobs) {
        intake.enqueue(jobs);
        dispatcher.wake();
        return jobs.stream().map(NewJob::id).toList();
    }

    private NewJob job(String model, String input, BigDecimal price, Lane lane) {
        return new NewJob(ids.next(), model, lane, input, "{}", NewJob.Tag.NONE, NewJob.USUAL_ATTEMPTS, price, price);
    }

    /** Waits until so many jobs have the status. */
    void await(int count, String status) {
        Awaitility.await(count + " jobs to be " + status)
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> count(status) == count);
    }

    long count(String status) {
        return (Long) row("select count(*) from job where status = ?", status).get("count");
    }

    /** Waits until the job has the status, and returns its row. */
    public Map<String, Object> await(UUID job, String status) {
        Awaitility.await("job " + job + " to be " + status)
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> row("select status from job where id = ?", job).get("status"), status::equals);
        return row("select * from job where id = ?", job);
    }

    /** Waits until a claim of the job came to nothing, so that it is queued again. */
    void awaitSentBack(UUID job) {
        Awaitility.await("job " + job + " to be queued again")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !rows(
                                "select 1 from event where job_id = ? and status = 'queued' and previous_status = 'submitting'",
                                job)
                        .isEmpty());
    }

    /** Waits until that attempt of the job has the status. */
    void awaitAttempt(UUID job, int number, String status) {
        Awaitility.await("attempt " + number + " of job " + job + " to be " + status)
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !rows(
                                "select 1 from attempt where job_id = ? and number = ? and status = ?",
                                job,
                                number,
                                status)
                        .isEmpty());
    }

    /** Repeats a step until so many are settled, and no more: one that had to wait for its answers settles none, rightly. */
    void awaitSettled(Callable<Integer> step, int count) {
        AtomicInteger settled = new AtomicInteger();
        Awaitility.await(count + " to be settled")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> settled.addAndGet(step.call()) >= count);
        if (settled.get() != count) {
            throw new AssertionError(settled + " were settled, not " + count);
        }
    }

    /** Repeats a step until the job has the status. */
    void awaitSettled(Callable<Integer> step, UUID job, String status) {
        Awaitility.await("job " + job + " to be " + status)
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    step.call();
                    return row("select status from job where id = ?", job)
                            .get("status")
                            .equals(status);
                });
    }

    public void awaitArchived(UUID job) {
        Awaitility.await("outputs of " + job + " to be archived")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> rows("select 1 from output where job_id = ? and archived_at is not null", job)
                                .size()
                        == 1);
    }

    public List<Map<String, Object>> attempts(UUID job) {
        return rows("select * from attempt where job_id = ? order by number", job);
    }

    public Map<String, Object> row(String sql, Object... parameters) {
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
            throw new IllegalStateException(failure);
        }
    }

    public int execute(String sql, Object... parameters) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = bound(connection, sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static PreparedStatement bound(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
