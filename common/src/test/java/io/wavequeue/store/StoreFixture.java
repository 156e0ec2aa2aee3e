package io.wavequeue.store;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.wavequeue.job.Account.Limits;
import io.wavequeue.job.JobIds;
import io.wavequeue.job.Lane;
import io.wavequeue.job.NewJob;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.test.Patience;
import io.wavequeue.test.Servers;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/** A migrated database with its stores, and a worker. */
public final class StoreFixture implements AutoCloseable {
    static final Duration SEND_AGAIN = Duration.ofMinutes(1);
    static final BigDecimal PRICE = new BigDecimal("0.021700");

    final Database database;
    final JobIntake intake;
    final ClaimStore claims;
    final JobTransitions transitions;
    final DispatchStore dispatch;
    final HoldStore holds;
    public final AccountStore accounts;
    public final WorkerStore workers;
    final HeartbeatStore heartbeats;
    final CancelStore cancels;
    final BatchStore batches;
    final BatchStopStore stops;
    final BatchFollowStore follows;
    final BreakerStore breakers;
    public final EventStore events;
    public final RunTimeStore runTimes;
    public final ArchiveStore archive;
    final LookoutStore lookouts;
    final ReconcileStore doubts;
    public final RetentionStore retention;
    final Fences fences;
    final LoadStore load;
    public final QuoteStore quotes;
    public final HistoryStore history;
    public final LetterStore letters;
    public final MediaStore media;
    final UUID worker = UUID.randomUUID();

    private final AgroalDataSource pool;
    private final JobIds ids = new JobIds(InstantSource.system(), new Random(1));

    public StoreFixture() {
        this(migrated());
    }

    /** The same with a database whose clock stands still until it is turned. */
    static StoreFixture withTurnedClock() {
        StoreFixture store = new StoreFixture(migrated() + "&currentSchema=turned,public,pg_catalog");
        store.execute("create schema turned");
        store.execute("create table turned.clock as select date_trunc('second', pg_catalog.now()) as at");
        for (String clock : List.of("now", "clock_timestamp")) {
            store.execute("create function turned." + clock
                    + "() returns timestamptz language sql stable as 'select at from turned.clock'");
        }
        store.execute("alter table attempt alter claimed_at set default turned.now()");
        return store;
    }

    /** The same, where waiting for a lock is an error after a moment. */
    static StoreFixture impatient() {
        return new StoreFixture(migrated(), "set lock_timeout = '5s'");
    }

    void turn(Duration by) {
        execute("update turned.clock set at = at + interval '" + by.toMillis() + " ms'");
    }

    private static String migrated() {
        String url = Servers.postgres().newDatabase();
        Flyway.configure().dataSource(url, null, null).load().migrate();
        return url;
    }

    /** A database that is migrated already, with connections like a worker's. */
    static StoreFixture on(String url) {
        return new StoreFixture(url, "set random_page_cost = 1.1; set jit = off; set enable_bitmapscan = off");
    }

    private StoreFixture(String url) {
        this(url, null);
    }

    private StoreFixture(String url, @Nullable String connectionSql) {
        try {
            pool = AgroalDataSource.from(
                    new AgroalDataSourceConfigurationSupplier().connectionPoolConfiguration(connections -> connections
                            .maxSize(20)
                            .connectionFactoryConfiguration(
                                    factory -> factory.jdbcUrl(url).initialSql(connectionSql))));
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
        database = new Database(pool);
        intake = new JobIntake(database);
        claims = new ClaimStore(database);
        transitions = new JobTransitions(database, InstantSource.system());
        dispatch = new DispatchStore(database);
        holds = new HoldStore(database);
        accounts = new AccountStore(database);
        workers = new WorkerStore(database);
        heartbeats = new HeartbeatStore(database);
        cancels = new CancelStore(database);
        batches = new BatchStore(database);
        stops = new BatchStopStore(database);
        follows = new BatchFollowStore(database);
        breakers = new BreakerStore(database);
        events = new EventStore(database);
        runTimes = new RunTimeStore(database);
        archive = new ArchiveStore(database);
        lookouts = new LookoutStore(database);
        doubts = new ReconcileStore(database);
        retention = new RetentionStore(database);
        fences = new Fences(database);
        load = new LoadStore(database);
        quotes = new QuoteStore(database);
        history = new HistoryStore(database);
        letters = new LetterStore(database);
        media = new MediaStore(database);
        accounts.seed(new Limits("custom", null, null), null);
        heartbeats.register(worker, "here", 1, "test");
    }

    void limits(@Nullable Integer submitsPerMinute, @Nullable Integer maxInFlight, @Nullable String budget) {
        accounts.change(now -> now.changed(
                new Limits("custom", submitsPerMinute, maxInFlight), budget == null ? null : new BigDecimal(budget)));
    }

    public List<UUID> enqueue(int count, Lane lane) {
        return enqueue(count, lane, "m");
    }

    List<UUID> enqueue(int count, Lane lane, String model) {
        return enqueue(count, lane, model, NewJob.Tag.NONE, PRICE);
    }

    private List<UUID> enqueue(int count, Lane lane, String model, NewJob.Tag tag, @Nullable BigDecimal price) {
        List<NewJob> jobs = IntStream.range(0, count)
                .mapToObj(i ->
                        new NewJob(ids.next(), model, lane, "{\"prompt\":\"" + i + "\"}", "{}", tag, 3, price, price))
                .toList();
        intake.enqueue(jobs);
        return jobs.stream().map(NewJob::id).toList();
    }

    /** A batch of so many bulk jobs. */
    UUID batch(int jobs, @Nullable String budget) {
        UUID id = ids.next();
        execute(
                "insert into batch (id, lane, jobs, estimated_usd, unknown_price, budget_usd) values ('%s', 'bulk', %d, 1, 0, %s)"
                        .formatted(id, jobs, budget));
        enqueueInto(id, jobs, PRICE);
        return id;
    }

    void enqueueInto(UUID batch, int jobs, @Nullable BigDecimal price) {
        enqueue(jobs, Lane.BULK, "m", new NewJob.Tag(null, batch), price);
    }

    /** No jobs, the account as at first: cheaper than another database. */
    void empty() {
        execute("truncate batch, job, budget_day, submit_window, event, bill_row, bill_difference, price_stop cascade");
        accounts.resume();
        limits(null, null, null);
    }

    /** All steps until nothing moves any more. Returns how many rows were moved. */
    int followed() {
        int all = 0;
        for (int moved = -1; moved != 0; all += moved) {
            moved = follows.due().stream()
                    .mapToInt(batch -> follows.follow(batch, 1_000))
                    .sum();
        }
        return all;
    }

    /** Dispatches everything, as if it had been sent. */
    List<Candidate> dispatched() {
        return dispatch.take((account, lately) -> 100_000, 100_000, SEND_AGAIN).stream()
                .map(job -> new Candidate(job.id(), job.attempt(), job.dispatchNo()))
                .toList();
    }

    List<Candidate> ready(int count) {
        enqueue(count, Lane.BULK);
        return dispatched();
    }

    /** A replay of what the choice chooses, which nobody carries out. */
    public UUID chosen(BulkChoice choice) {
        return chosen(choice, () -> {});
    }

    /** The same, while others do something on connections of their own. */
    UUID chosen(BulkChoice choice, Runnable meanwhile) {
        return chosen(choice, meanwhile, () -> {});
    }

    /** @param late the same, at the last moment */
    UUID chosen(BulkChoice choice, Runnable meanwhile, Runnable late) {
        UUID replay = ids.next();
        database.inTransaction(connection -> {
            choose(connection, replay, choice);
            meanwhile.run();
            choice.prepare(connection, replay);
            late.run();
            return choice.finish(connection, replay);
        });
        return replay;
    }

    /** The same, looked at by a query of one value and rolled back, as a dry run is. */
    public String tried(BulkChoice choice, String sql) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            choose(connection, ids.next(), choice);
            try (Bind bind = Bind.of(connection, sql)) {
                return bind.row(row -> row.getString(1));
            } finally {
                connection.rollback();
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void choose(Connection connection, UUID replay, BulkChoice choice) throws SQLException {
        try (Bind bind =
                Bind.of(connection, "insert into resolution (id, kind, status) values (?, 'replay', 'planned')")) {
            bind.uuid(replay).update();
        }
        choice.choose(connection, replay);
    }

    /** Until all that is written can be read: what other databases of the server do may hold the newest back for a moment. */
    public void awaitHorizon() {
        Patience.await("the horizon")
                .until(() ->
                        text("select coalesce(pg_snapshot_xmin(pg_current_snapshot()) > max(xid), true) from event")
                                .equals("t"));
    }

    String status(UUID job) {
        return text("select status from job where id = '" + job + "'");
    }

    /** The first column of the only row, as text. */
    public String text(String sql) {
        List<String> rows = texts(sql);
        if (rows.size() != 1) {
            throw new AssertionError(sql + " found " + rows);
        }
        return rows.getFirst();
    }

    public List<String> texts(String sql) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet result = statement.executeQuery()) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(String.valueOf(result.getString(1)));
            }
            return rows;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The same as the API's connections would. */
    List<String> textsByBitmap(String sql) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set enable_bitmapscan = on");
            List<String> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery(sql)) {
                while (result.next()) {
                    rows.add(String.valueOf(result.getString(1)));
                }
            }
            statement.execute("set enable_bitmapscan = off");
            return rows;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public void execute(String sql) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.execute();
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    Connection connection() throws SQLException {
        return pool.getConnection();
    }

    @Override
    public void close() {
        pool.close();
    }
}
