package io.wavequeue.local;

import io.wavequeue.local.supervise.LogFile;
import io.wavequeue.local.supervise.Part;
import io.wavequeue.local.supervise.PartFailedException;
import io.wavequeue.local.supervise.Pids;
import io.wavequeue.local.supervise.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * An embedded PostgreSQL whose data outlives it: a folder, a port, a database named {@code wavequeue}.
 *
 * <p>It is started by {@code pg_ctl}, so that it leads a process group of its own and a terminal's Ctrl-C does not reach
 * it. Thread-safe.
 */
public final class PostgresServer implements Part, AutoCloseable {
    private static final String NAME = "postgres";
    private static final String DATABASE = "wavequeue";
    private static final Duration OLD_ONE_ENDS = Duration.ofSeconds(10);
    private static final Duration LEFTOVERS_END = Duration.ofSeconds(30);
    private static final Duration LEFTOVERS_LOOK = Duration.ofMillis(200);

    /** In PostgreSQL's words, which are English here whatever the machine speaks. */
    private static final List<String> LEFTOVERS =
            List.of("lock file \"postmaster.pid\" already exists", "is still in use");

    private static final int TAIL_LINES = 20;
    private static final List<String> SETTINGS = List.of(
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=200",
            "synchronous_commit=on",
            "timezone=UTC",
            "log_timezone=UTC");

    private final Path folder;
    private final Path data;
    private final int port;
    private final LogFile log;
    private final Waiting waiting;
    private final Object lock = new Object();
    private volatile String password = "";
    private volatile long pid;
    private boolean stopped;

    PostgresServer(Path folder, int port, LogFile log, Waiting waiting) {
        this.folder = folder.toAbsolutePath().normalize();
        this.data = this.folder.resolve("data");
        this.port = port;
        this.log = log;
        this.waiting = waiting;
    }

    /**
     * For tests: a running server, stopped with this JVM at the latest.
     *
     * @param folder keeps the data; started on again, it has them still
     * @param port a free one, see {@link Ports#free()}
     */
    public static PostgresServer start(Path folder, int port) {
        var server = new PostgresServer(folder, port, new LogFile(folder.resolve("server.log")), Waiting.real());
        try {
            server.launch();
        } catch (PartFailedException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL started", e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop-postgres"));
        return server;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public OptionalInt port() {
        return OptionalInt.of(port);
    }

    /** The process id of the postmaster. */
    public long pid() {
        return pid;
    }

    /** The JDBC address with user and password. */
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    /** The JDBC address of another database of this server. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=wavequeue&password=%s".formatted(port, database, password);
    }

    /** Makes the folder's password known, and so the address, before the server runs. */
    void prepare() throws IOException {
        password = PostgresPassword.of(folder);
    }

    @Override
    public long launch() throws PartFailedException, InterruptedException {
        synchronized (lock) {
            if (stopped) {
                throw new PartFailedException("postgres is not started, since everything is being stopped.");
            }
            long logStart = 0;
            try {
                log.rotate();
                logStart = log.size();
                prepare();
                var programs = PostgresBinaries.unpacked(folder.resolve("programs"));
                PostgresCommand.requireUser();
                endOldOne(programs);
                createCluster(programs);
                startBesideNobody(programs);
                pid = new PostmasterFile(data).pid().orElseThrow();
                createDatabase();
                return pid;
            } catch (IOException | SQLException | RuntimeException e) {
                throw new PartFailedException(
                        "postgres could not be started: %s. The end of its log, %s:\n  %s"
                                .formatted(
                                        e.getMessage(),
                                        log.path(),
                                        String.join("\n  ", log.tail(logStart, TAIL_LINES))),
                        e);
            }
        }
    }

    @Override
    public boolean isRunning() {
        return pid != 0 && Pids.isAlive(pid);
    }

    /** Ends open transactions, writes everything down and stops; a later start on the folder finds the data. */
    @Override
    public void stop() {
        synchronized (lock) {
            stopped = true;
            if (!isRunning()) {
                return;
            }
            try {
                endFast(PostgresBinaries.unpacked(folder.resolve("programs")), pid);
            } catch (IOException e) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            } catch (InterruptedException e) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
                Thread.currentThread().interrupt();
            }
        }
    }

    /** SIGKILL of the postmaster, as a crash would be. */
    public void kill() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        stop();
    }

    /** What a killed supervisor left running on this data; and a pid file whose id now belongs to a stranger. */
    private void endOldOne(Path programs) throws IOException, InterruptedException {
        var file = new PostmasterFile(data);
        var old = file.pid();
        if (old.isEmpty() || !Pids.isAlive(old.getAsLong())) {
            return; // PostgreSQL itself deals with the file of a dead one
        }
        if (file.isPostmaster(old.getAsLong())) {
            endFast(programs, old.getAsLong());
        } else {
            file.delete();
        }
    }

    /**
     * What a killed one leaves takes a moment to go: its entry in the process table, and its children, who hold its memory until they notice.
     * PostgreSQL does not start beside either, and says so.
     */
    private void startBesideNobody(Path programs) throws IOException, InterruptedException {
        Instant end = waiting.clock().instant().plus(LEFTOVERS_END);
        while (true) {
            long before = log.size();
            try {
                control(programs, "start", "-w", "-t", "60", "-l", log.path().toString(), "-o", options());
                return;
            } catch (IOException failure) {
                if (LEFTOVERS.stream().noneMatch(text -> log.contains(before, text))
                        || waiting.clock().instant().isAfter(end)) {
                    throw failure;
                }
                waiting.sleeper().sleep(LEFTOVERS_LOOK);
            }
        }
    }

    private void endFast(Path programs, long postmaster) throws IOException, InterruptedException {
        try {
            control(programs, "stop", "-m", "fast", "-w", "-t", "20");
        } catch (IOException e) {
            ProcessHandle.of(postmaster).ifPresent(ProcessHandle::destroyForcibly);
        }
        waiting.until(OLD_ONE_ENDS, () -> !Pids.isAlive(postmaster));
    }

    /** Made aside and moved, so that an interrupted first start leaves nothing that looks complete. */
    private void createCluster(Path programs) throws IOException, InterruptedException {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            return;
        }
        var draft = Files.createTempDirectory(folder, "creating-");
        new PostgresCommand(programs, log)
                .run(
                        "initdb",
                        List.of(
                                "-D",
                                draft.toString(),
                                "-U",
                                "wavequeue",
                                "--pwfile=" + PostgresPassword.file(folder),
                                "--auth=scram-sha-256",
                                "--encoding=UTF8",
                                "--locale=C",
                                "--locale-provider=builtin",
                                "--builtin-locale=C.UTF-8"));
        Files.move(draft, data);
    }

    private void control(Path programs, String... arguments) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of("-D", data.toString()));
        all.addAll(Arrays.asList(arguments));
        new PostgresCommand(programs, log).run("pg_ctl", all);
    }

    private String options() {
        var options = new StringBuilder("-p ").append(port);
        SETTINGS.forEach(setting -> options.append(" -c ").append(setting));
        return options.toString();
    }

    private void createDatabase() throws SQLException {
        try (var connection = DriverManager.getConnection(jdbcUrl("postgres"))) {
            if (!exists(connection)) {
                try (var statement = connection.createStatement()) {
                    statement.execute("create database " + DATABASE);
                }
            }
        }
    }

    private static boolean exists(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement("select 1 from pg_database where datname = ?")) {
            query.setString(1, DATABASE);
            return query.executeQuery().next();
        }
    }
}
