package io.wavequeue.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.local.supervise.LogFile;
import io.wavequeue.local.supervise.Pids;
import io.wavequeue.local.supervise.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostgresServerIT {

    @TempDir
    private Path folder;

    private final int port = Ports.free();

    @Test
    void shouldKeepDataWhenStoppedAndStartedAgain() throws SQLException {
        try (var server = PostgresServer.start(folder, port)) {
            execute(server, "create table kept (n int)");
            execute(server, "insert into kept values (42)");
            assertThat(answer(server, "show max_connections")).isEqualTo("200");
            assertThat(answer(server, "show synchronous_commit")).isEqualTo("on");
            assertThat(answer(server, "show server_encoding")).isEqualTo("UTF8");
        }
        try (var server = PostgresServer.start(folder, port)) {
            assertThat(answer(server, "select n from kept")).isEqualTo("42");
        }
    }

    @Test
    void shouldRecoverWhenItWasKilledAndItsPidNowBelongsToAStranger() throws Exception {
        var server = PostgresServer.start(folder, port);
        execute(server, "create table kept as select 7 as n");
        var pidFile = folder.resolve("data/postmaster.pid");
        var killed = Files.readString(pidFile);
        server.kill();
        Waiting.real().until(Duration.ofSeconds(20), () -> !server.isRunning());
        // The parent of this JVM surely lives, and surely is no PostgreSQL.
        long stranger = ProcessHandle.current().parent().orElseThrow().pid();
        Files.writeString(pidFile, killed.replaceFirst("^\\d+", Long.toString(stranger)));

        try (var again = PostgresServer.start(folder, port)) {
            assertThat(answer(again, "select n from kept")).isEqualTo("7");
        }
        assertThat(Pids.isAlive(stranger)).isTrue();
    }

    /** Its memory is theirs until they notice, and PostgreSQL does not start beside them. */
    @Test
    void shouldWaitForTheChildrenOfAKilledOne() throws Exception {
        var server = PostgresServer.start(folder, port);
        execute(server, "create table kept as select 7 as n");
        var child = ProcessHandle.of(server.pid())
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow();
        signal(child.pid(), "STOP");
        server.kill();
        Waiting.real().until(Duration.ofSeconds(20), () -> !server.isRunning());

        var log = folder.resolve("server.log");
        var refused = Thread.ofVirtual().start(() -> {
            // It goes on once it was seen to be in the way.
            try {
                Waiting.real().until(Duration.ofSeconds(60), () -> contains(log, "is still in use"));
                signal(child.pid(), "CONT");
            } catch (IOException | InterruptedException failure) {
                throw new IllegalStateException(failure);
            }
        });
        try (var again = PostgresServer.start(folder, port)) {
            assertThat(answer(again, "select n from kept")).isEqualTo("7");
        } finally {
            refused.join();
        }
        assertThat(contains(log, "is still in use")).isTrue();
    }

    private static void signal(long pid, String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static boolean contains(Path log, String text) {
        try {
            return Files.readString(log).contains(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void shouldStopTheOldServerWhenOneStillRunsOnTheData() throws Exception {
        var old = PostgresServer.start(folder, port);
        execute(old, "create table kept as select 1 as n");
        var successor =
                new PostgresServer(folder, Ports.free(), new LogFile(folder.resolve("server.log")), Waiting.real());
        try (successor) {
            assertThat(successor.launch()).isNotEqualTo(old.pid());
            assertThat(old.isRunning()).isFalse();
            assertThat(answer(successor, "select n from kept")).isEqualTo("1");
        }
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String answer(PostgresServer server, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
