package io.wavequeue.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/** Inserts of a job's size into a database of its own on the stack's server. */
final class PostgresBaseline implements AutoCloseable {
    private static final String NAME = "bench";
    private static final int CONNECTIONS = 8;
    private static final int SINGLE_ROWS = 8_000;
    private static final int CHUNK = 500;
    private static final int CHUNKS = 100;

    /** As many as a worker of ours has. */
    private static final int POOL = 24;

    private static final String TABLE = """
            drop table if exists raw_row;
            create table raw_row (
                id         uuid        primary key,
                input      text        not null,
                created_at timestamptz not null default now()
            )
            """;

    private final HikariDataSource pool;

    private PostgresBaseline(HikariDataSource pool) {
        this.pool = pool;
    }

    static PostgresBaseline open(RunningStack stack) throws IOException, SQLException {
        try (Connection connection = DriverManager.getConnection(stack.database("wavequeue"));
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select 1 from pg_database where datname = '" + NAME + "'")) {
            if (!found.next()) {
                statement.execute("create database " + NAME);
            }
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(stack.database(NAME));
        config.setMaximumPoolSize(POOL);
        return new PostgresBaseline(new HikariDataSource(config));
    }

    DataSource pool() {
        return pool;
    }

    /** One row per transaction, on eight connections. */
    double singleRowsPerSecond() throws SQLException, InterruptedException {
        execute(TABLE);
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                all.add(threads.submit(() -> {
                    insertSingly();
                    return null;
                }));
            }
            Futures.results(all, "a plain insert failed");
        }
        return SINGLE_ROWS / Waiting.secondsSince(start);
    }

    /** Five hundred rows per statement, on one connection. */
    double unnestRowsPerSecond() throws SQLException {
        execute(TABLE);
        try (Connection connection = pool.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into raw_row (id, input) select id, input from unnest(?::uuid[], ?::text[]) as a(id, input)")) {
            long start = System.nanoTime();
            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                Object[] ids = new Object[CHUNK];
                Object[] inputs = new Object[CHUNK];
                for (int i = 0; i < CHUNK; i++) {
                    ids[i] = UUID.randomUUID();
                    inputs[i] = Clips.input("raw " + i);
                }
                insert.setArray(1, connection.createArrayOf("uuid", ids));
                insert.setArray(2, connection.createArrayOf("text", inputs));
                insert.executeUpdate();
            }
            return CHUNK * CHUNKS / Waiting.secondsSince(start);
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private void insertSingly() throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("insert into raw_row (id, input) values (?, ?)")) {
            for (int i = 0; i < SINGLE_ROWS / CONNECTIONS; i++) {
                insert.setObject(1, UUID.randomUUID());
                insert.setString(2, Clips.input("raw " + i));
                insert.executeUpdate();
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
