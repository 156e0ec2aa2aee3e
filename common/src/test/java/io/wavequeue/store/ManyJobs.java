package io.wavequeue.store;

import io.wavequeue.local.Ports;
import io.wavequeue.local.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.flywaydb.core.Flyway;

/**
 * For the bench: what the statements that run all the time take with few and with many jobs in the tables, in turn, on the same
 * server. Prints a line of JSON for each run.
 *
 * <p>Arguments: folder of the server's data, few, many, runs.
 */
public final class ManyJobs {
    private static final int REPEATED = 9;

    private ManyJobs() {}

    public static void main(String[] words) throws SQLException {
        Path folder = Path.of(words[0]);
        try (PostgresServer server = PostgresServer.start(folder, Ports.free())) {
            settings(server, "alter system set fsync = off", "alter system set max_wal_size = '4GB'");
            String few = filled(server, "few", Long.parseLong(words[1]));
            String many = filled(server, "many", Long.parseLong(words[2]));
            settings(server, "alter system reset all");
            for (int run = 1; run <= Integer.parseInt(words[3]); run++) {
                System.out.println(measured(few, many, run));
            }
        }
    }

    /** One that is there from a start before is taken as it is. */
    private static String filled(PostgresServer server, String name, long jobs) throws SQLException {
        String url = server.jdbcUrl(name);
        if (!exists(server, name)) {
            settings(server, "create database " + name);
            Flyway.configure().dataSource(url, null, null).load().migrate();
            System.err.printf("%s: filling it%n", name);
            MadeUpRows.fill(url, jobs, System.err::println);
        }
        return url;
    }

    private static boolean exists(PostgresServer server, String name) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
                PreparedStatement query = connection.prepareStatement("select 1 from pg_database where datname = ?")) {
            query.setString(1, name);
            return query.executeQuery().next();
        }
    }

    private static void settings(PostgresServer server, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            statement.execute("select pg_reload_conf()");
        }
    }

    /** Every statement on the one and on the other, as often as it is repeated; the median counts. */
    private static String measured(String fewUrl, String manyUrl, int run) {
        try (StoreFixture few = StoreFixture.on(fewUrl);
                StoreFixture many = StoreFixture.on(manyUrl)) {
            List<Probe> onFew = Probes.of(few);
            List<Probe> onMany = Probes.of(many);
            StringJoiner line = new StringJoiner(",", "{", "}");
            for (int i = 0; i < onFew.size(); i++) {
                List<Double> small = new ArrayList<>();
                List<Double> large = new ArrayList<>();
                Probe probe = onFew.get(i);
                int repeated = probe.isSlow() ? 1 : REPEATED;
                for (int n = 0; n < repeated; n++) {
                    small.add(probe.milliseconds());
                    large.add(onMany.get(i).milliseconds());
                }
                double a = median(small);
                double b = median(large);
                System.err.printf(
                        Locale.ROOT, "run %d: %-28s %9.2f ms %9.2f ms %8.2f%n", run, probe.name(), a, b, b / a);
                line.add(String.format(
                        Locale.ROOT,
                        "\"%s\":{\"few_ms\":%.3f,\"many_ms\":%.3f,\"ratio\":%.3f}",
                        probe.name(),
                        a,
                        b,
                        b / a));
            }
            return line.toString();
        }
    }

    private static double median(List<Double> values) {
        Collections.sort(values);
        return values.get(values.size() / 2);
    }
}
