package io.wavequeue.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.Ledger;
import io.wavequeue.simulator.account.Settings;
import io.wavequeue.simulator.account.Stats;
import io.wavequeue.simulator.account.TurnableClock;
import io.wavequeue.simulator.catalogue.Catalogue;
import io.wavequeue.simulator.fault.FaultBook;
import io.wavequeue.simulator.fault.FaultRule;
import io.wavequeue.simulator.http.ApiServer;
import io.wavequeue.simulator.http.Network;
import io.wavequeue.simulator.http.Time;
import io.wavequeue.simulator.journal.Journal;
import io.wavequeue.simulator.media.Uploads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A running simulator. Its methods may be called from any thread but its own event loop; they see the state between two
 * requests.
 */
public final class Simulator implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final String host;
    private final Vertx vertx;
    private final Context loop;
    private final State state;
    private final ApiServer api;
    private final Network network;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** What outlives a request. */
    private record State(Account account, Uploads uploads, FaultBook faults, Journal journal) {}

    private Simulator(String host, Vertx vertx, Context loop, State state, ApiServer api, Network network) {
        this.host = host;
        this.vertx = vertx;
        this.loop = loop;
        this.state = state;
        this.api = api;
        this.network = network;
    }

    public static Simulator start(SimulatorConfig config) {
        return start(config, InstantSource.system());
    }

    /**
     * Starts one that lives by this clock; only ordered delays go by the real one.
     *
     * @throws SimulatorStartException if the port or the data folder cannot be used
     */
    public static Simulator start(SimulatorConfig config, InstantSource clock) {
        return start(config, clock, null);
    }

    /** @param timer for what is late or tried again; the real one when null */
    static Simulator start(SimulatorConfig config, InstantSource clock, Time.@Nullable Timer timer) {
        Catalogue catalogue = Catalogue.load();
        TurnableClock turnable = new TurnableClock(clock);
        State state = load(config, turnable, catalogue);
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        Context loop = vertx.getOrCreateContext();
        Network network = new Network(vertx, config.host());
        Time time = new Time(turnable, timer == null ? real(vertx) : timer);
        ApiServer api =
                new ApiServer(vertx, state.account(), catalogue, state.uploads(), state.faults(), time, network::goOut);
        try {
            network.listen(loop, config.port(), api::handle);
            return new Simulator(config.host(), vertx, loop, state, api, network);
        } catch (CompletionException e) {
            state.journal().close();
            vertx.close();
            throw new SimulatorStartException(
                    "cannot listen on " + config.host() + ":" + config.port() + ": " + reason(e), e);
        }
    }

    private static Time.Timer real(Vertx vertx) {
        return (delay, step) -> vertx.setTimer(Math.max(1, delay.toMillis()), due -> step.run());
    }

    private static State load(SimulatorConfig config, TurnableClock clock, Catalogue catalogue) {
        Path data = config.data();
        Account account = new Account(config.seed(), clock, config.settings());
        Uploads uploads = new Uploads(data == null ? null : data.resolve("uploads"));
        int[] events = new int[1];
        try {
            Journal journal = data == null
                    ? Journal.inMemory()
                    : Journal.open(data, event -> {
                        events[0]++;
                        replay(event, account, uploads, catalogue);
                    });
            account.keepIn(journal, events[0] == 0);
            uploads.keepIn(journal);
            return new State(account, uploads, new FaultBook(), journal);
        } catch (IOException | UncheckedIOException e) {
            throw new SimulatorStartException("cannot use the data folder " + data + ": " + reason(e), e);
        }
    }

    private static void replay(JsonNode event, Account account, Uploads uploads, Catalogue catalogue) {
        if (!account.replay(event, catalogue)) {
            uploads.replay(event);
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    public int port() {
        return network.port();
    }

    /** The root, without {@code /api/v3}. */
    public String baseUrl() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    public Ledger ledger() {
        return onLoop(() -> {
            state.account().advance();
            return state.account().ledger(0, Integer.MAX_VALUE);
        });
    }

    /** The sums alone, which cost nothing however long the ledger is. */
    public Ledger.Totals totals() {
        return onLoop(() -> {
            state.account().advance();
            return state.account().ledger(0, 0).totals();
        });
    }

    public Stats stats() {
        return onLoop(() -> {
            state.account().advance();
            return state.account().stats();
        });
    }

    public Settings settings() {
        return onLoop(state.account()::settings);
    }

    /** Changes one of the settings. */
    public void set(String setting, String value) {
        onLoop(() -> {
            state.account().advance();
            state.account().change(state.account().settings().with(setting, value));
            if (setting.equals("balance")) {
                state.account().setBalance();
            }
            return "";
        });
    }

    /** Turns the simulator's clock on. Ordered delays and webhooks go by the real one. */
    public void turnClock(Duration by) {
        onLoop(() -> {
            state.account().turnClock(by);
            return "";
        });
    }

    /** Refuses connections, and ends those that stand, until {@link #comeBack()}. */
    public void goOut() {
        network.goOut();
    }

    public void comeBack() {
        network.comeBack();
    }

    /** Orders a fault and says its number. */
    public int order(FaultRule rule) {
        return onLoop(() -> state.faults().add(rule));
    }

    public List<FaultBook.Standing> faults() {
        return onLoop(state.faults()::standing);
    }

    /** What they hold back goes on. */
    public void clearFaults() {
        onLoop(() -> {
            api.clearFaults();
            return "";
        });
    }

    /** Lets the calls go on that faults hold back. */
    public void release() {
        onLoop(() -> {
            api.release();
            return "";
        });
    }

    /** Forgets predictions, ledger, counters, faults and uploads; settings stay. */
    public void reset() {
        onLoop(() -> {
            state.account().advance();
            api.reset();
            return "";
        });
    }

    private <T> T onLoop(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        loop.runOnContext(run -> {
            try {
                answer.complete(question.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Stops listening, drops connections and closes the journal. A second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            vertx.close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
            state.journal().close();
        }
    }
}
