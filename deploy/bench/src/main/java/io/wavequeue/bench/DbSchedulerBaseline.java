package io.wavequeue.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;

/**
 * The peer: db-scheduler with a task per clip that submits, looks until it is done and stores one row. A thousand virtual
 * threads, lock-and-fetch. It is not safe with money: a task that is repeated pays again.
 */
final class DbSchedulerBaseline {
    private static final int THREADS = 1_000;
    private static final Duration FETCH_EVERY = Duration.ofMillis(100);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final Duration ALL_DONE_EVERY = Duration.ofMillis(20);

    /** Of the threads: it fetches anew below the first, up to the second, as its README advises for high throughput. */
    private static final double LEAST_FETCHED = 1.0;

    private static final double MOST_FETCHED = 4.0;

    /** Its own table, less the index that only priorities need; and the clips'. */
    private static final String TABLES = """
            drop table if exists scheduled_tasks, clip;
            create table scheduled_tasks (
                task_name            text        not null,
                task_instance        text        not null,
                task_data            bytea,
                execution_time       timestamptz,
                picked               boolean     not null,
                picked_by            text,
                last_success         timestamptz,
                last_failure         timestamptz,
                consecutive_failures integer,
                last_heartbeat       timestamptz,
                version              bigint      not null,
                priority             smallint,
                state                text,
                primary key (task_name, task_instance)
            );
            create index execution_time_idx on scheduled_tasks (execution_time);
            create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);
            create table clip (
                task       text        primary key,
                prediction text        not null,
                outputs    text        not null,
                created_at timestamptz not null default now()
            )
            """;

    private final SimulatedProvider provider;
    private final DataSource database;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    DbSchedulerBaseline(SimulatedProvider provider, DataSource database) {
        this.provider = provider;
        this.database = database;
    }

    /** From its start on a backlog until no task is left. */
    double clipsPerSecond(String name, int clips) throws IOException, SQLException, InterruptedException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLES);
        }
        OneTimeTask<Void> task = Tasks.oneTime("clip").execute((instance, context) -> makeClip(instance.getId()));
        Scheduler scheduler = Scheduler.create(database, task)
                .threads(THREADS)
                .executorService(Executors.newVirtualThreadPerTaskExecutor())
                .pollUsingLockAndFetch(LEAST_FETCHED, MOST_FETCHED)
                .pollingInterval(FETCH_EVERY)
                .build();
        scheduler.scheduleBatch(tasks(task, name, clips), Instant.EPOCH);
        long start = System.nanoTime();
        try {
            scheduler.start();
            Waiting.until("db-scheduler has done all its tasks", ALL_DONE_EVERY, this::isAllDone);
            double seconds = Waiting.secondsSince(start);
            requireStored(clips);
            return clips / seconds;
        } finally {
            scheduler.stop();
        }
    }

    private static List<TaskInstance<?>> tasks(OneTimeTask<Void> task, String name, int clips) {
        List<TaskInstance<?>> tasks = new ArrayList<>();
        for (int i = 0; i < clips; i++) {
            tasks.add(task.instance(name + " " + i));
        }
        return tasks;
    }

    private void makeClip(String take) {
        try {
            String prediction = provider.submit(take);
            JsonNode result = provider.result(prediction);
            while (!SimulatedProvider.isCompleted(result)) {
                Waiting.pause(LOOK_AGAIN);
                result = provider.result(prediction);
            }
            store(take, prediction, result.at("/data/outputs").toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException | SQLException | RuntimeException problem) {
            failure.compareAndSet(null, problem);
        }
    }

    private void store(String take, String prediction, String outputs) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("insert into clip (task, prediction, outputs) values (?, ?, ?)")) {
            insert.setString(1, take);
            insert.setString(2, prediction);
            insert.setString(3, outputs);
            insert.executeUpdate();
        }
    }

    private boolean isAllDone() throws SQLException {
        if (failure.get() != null) {
            throw new BenchFailedException("a task of db-scheduler failed: " + failure.get());
        }
        return count("select count(*) from (select 1 from scheduled_tasks limit 1) s") == 0;
    }

    private void requireStored(int clips) throws SQLException {
        long stored = count("select count(*) from clip");
        if (stored != clips) {
            throw new BenchFailedException("db-scheduler stored %d of %d clips".formatted(stored, clips));
        }
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
