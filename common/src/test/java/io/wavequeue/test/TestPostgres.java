package io.wavequeue.test;

import io.wavequeue.local.Ports;
import io.wavequeue.local.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A PostgreSQL 17; each test class may have a database of its own. */
public final class TestPostgres {
    private static final String IMAGE = "postgres:17";
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final String adminUrl;

    private TestPostgres(String adminUrl) {
        this.adminUrl = adminUrl;
    }

    static TestPostgres start(boolean docker) {
        return docker ? container() : embedded();
    }

    private static TestPostgres container() {
        PostgreSQLContainer container = new PostgreSQLContainer(IMAGE)
                .withDatabaseName("postgres")
                .withUsername("postgres")
                .withPassword("postgres");
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return new TestPostgres("jdbc:postgresql://%s:%d/postgres?user=postgres&password=postgres"
                .formatted(container.getHost(), container.getMappedPort(5432)));
    }

    private static TestPostgres embedded() {
        Path folder = TestFolder.create("postgres");
        PostgresServer server = PostgresServer.start(folder, Ports.free());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            server.stop();
            TestFolder.delete(folder);
        }));
        return new TestPostgres(server.jdbcUrl());
    }

    /** JDBC URL, with user and password, of a new and empty database. */
    public String newDatabase() {
        String name = "test_" + DATABASES.incrementAndGet();
        execute("create database " + name);
        int path = adminUrl.indexOf('/', "jdbc:postgresql://".length());
        int query = adminUrl.indexOf('?', path);
        return adminUrl.substring(0, path + 1) + name + adminUrl.substring(query);
    }

    /** Ends every connection to the database: what is under way is lost, as in a fail-over. */
    public void endConnections(String databaseUrl) {
        int path = databaseUrl.indexOf('/', "jdbc:postgresql://".length());
        String name = databaseUrl.substring(path + 1, databaseUrl.indexOf('?', path));
        execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection(adminUrl);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
