package io.wavequeue.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The words of the command line, each a scenario with its options. */
@Command(
        name = "bench",
        synopsisSubcommandLabel = "SCENARIO",
        description = "Measures the packaged programs; one JSON line per scenario on stdout, progress on stderr.",
        footer = {"", "What each field means: deploy/docs/benchmarks.md"},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:a run failed its checks, and there is no line of it", "2:wrong words"})
final class BenchCommand implements Runnable {
    private static final Latency INSTANT = Latency.parse("instant");
    private static final Latency FIFTY_MS = Latency.parse("50ms");
    private static final Latency TWO_SECONDS = Latency.parse("2s");

    private final Bench bench;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    BenchCommand(Bench bench) {
        this.bench = bench;
    }

    /** Who carries a scenario out. */
    @FunctionalInterface
    interface Bench {
        /**
         * Measures and tells the result.
         *
         * @param more environment of the stack, over the scenario's own
         */
        void run(Measure measure, int runs, Map<String, String> more)
                throws IOException, SQLException, InterruptedException;
    }

    enum Switch {
        ON,
        OFF;

        boolean isOn() {
            return this == ON;
        }

        @Override
        public String toString() {
            return this == ON ? "on" : "off";
        }
    }

    /** What every scenario takes. */
    static final class Common {
        @Spec(Spec.Target.MIXEE)
        private @Nullable CommandSpec spec;

        @Option(
                names = {"-h", "--help"},
                usageHelp = true,
                description = "Show this help and exit.")
        boolean help;

        @Option(names = "--runs", defaultValue = "3", description = "Measured runs.")
        int runs;

        @Option(
                names = "--set",
                paramLabel = "NAME=VALUE",
                description = "Environment of the stack, such as WAVEQUEUE_JAVA_OPTS=-Xmx1g; repeatable.")
        Map<String, String> set = new HashMap<>();

        void check(int... atLeastOne) {
            for (int number : atLeastOne) {
                require(number);
            }
            require(runs);
        }

        private void require(int number) {
            if (number < 1 && spec != null) {
                throw new ParameterException(spec.commandLine(), "every number is at least 1, not " + number);
            }
        }
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "a scenario is missing");
        }
    }

    @Command(
            name = "end-to-end",
            showDefaultValues = true,
            description = "A backlog that falls due at one moment, until all of it has ended.")
    void endToEnd(
            @Mixin Common common,
            @Option(names = "--latency", defaultValue = "instant", description = "instant, 50ms, 2s …") Latency latency,
            @Option(names = "--events", defaultValue = "on", description = "Whether events are published.")
                    Switch events,
            @Option(names = "--archive", defaultValue = "on", description = "Whether outputs are fetched.")
                    Switch archive,
            @Option(names = "--baselines", defaultValue = "on", description = "Whether the baselines run beside it.")
                    Switch baselines,
            @Option(names = "--clips", defaultValue = "20000") int clips,
            @Option(names = "--workers", defaultValue = "1") int workers)
            throws IOException, SQLException, InterruptedException {
        common.check(clips, workers);
        run(common, new EndToEnd(latency, events.isOn(), archive.isOn(), baselines.isOn(), clips, workers));
    }

    @Command(
            name = "enqueue-single",
            showDefaultValues = true,
            description = "POST /v1/jobs from 16 threads, while nothing dispatches.")
    void enqueueSingle(@Mixin Common common, @Option(names = "--clips", defaultValue = "20000") int clips)
            throws IOException, SQLException, InterruptedException {
        common.check(clips);
        run(common, new EnqueueSingle(clips));
    }

    @Command(
            name = "enqueue-bulk",
            showDefaultValues = true,
            description = "POST /v1/batches, a file in each form, while nothing dispatches.")
    void enqueueBulk(@Mixin Common common, @Option(names = "--clips", defaultValue = "100000") int clips)
            throws IOException, SQLException, InterruptedException {
        common.check(clips);
        run(common, new EnqueueBulk(clips));
    }

    @Command(name = "in-flight", showDefaultValues = true, description = "Many predictions followed by one worker.")
    void inFlight(
            @Mixin Common common,
            @Option(names = "--latency", defaultValue = "60s") Latency latency,
            @Option(names = "--submits-per-minute", defaultValue = "1000000") int submitsPerMinute,
            @Option(names = "--in-flight", defaultValue = "10000") int inFlight,
            @Option(names = "--clips", defaultValue = "10000") int clips)
            throws IOException, SQLException, InterruptedException {
        common.check(submitsPerMinute, inFlight, clips);
        run(common, new InFlight(latency, submitsPerMinute, inFlight, clips));
    }

    @Command(
            name = "limits",
            showDefaultValues = true,
            description = "How much of the account's limits is used, and whether they are exceeded.")
    void limits(
            @Mixin Common common,
            @Option(names = "--latency", defaultValue = "2s") Latency latency,
            @Option(names = "--submits-per-minute", defaultValue = "5000") int submitsPerMinute,
            @Option(names = "--in-flight", defaultValue = "100") int inFlight,
            @Option(names = "--clips", defaultValue = "4000") int clips,
            @Option(names = "--workers", defaultValue = "1") int workers)
            throws IOException, SQLException, InterruptedException {
        common.check(submitsPerMinute, inFlight, clips, workers);
        run(common, new LimitUse(latency, submitsPerMinute, inFlight, clips, workers));
    }

    @Command(
            name = "overhead",
            showDefaultValues = true,
            description = "What a job waits for that is neither the provider nor polling.")
    void overhead(
            @Mixin Common common,
            @Option(names = "--latency", defaultValue = "2s") Latency latency,
            @Option(names = "--jobs-per-second", defaultValue = "20") int jobsPerSecond,
            @Option(names = "--seconds", defaultValue = "30") int seconds)
            throws IOException, SQLException, InterruptedException {
        common.check(jobsPerSecond, seconds);
        run(common, new Overhead(latency, jobsPerSecond, Duration.ofSeconds(seconds)));
    }

    @Command(
            name = "lanes",
            showDefaultValues = true,
            description = "How long interactive jobs wait while bulk fills the account, and how batches share it.")
    void lanes(
            @Mixin Common common,
            @Option(names = "--latency", defaultValue = "1s") Latency latency,
            @Option(names = "--in-flight", defaultValue = "200") int inFlight,
            @Option(names = "--clips", defaultValue = "100000") int clips,
            @Option(names = "--jobs-per-second", defaultValue = "2") int jobsPerSecond,
            @Option(names = "--seconds", defaultValue = "60") int seconds,
            @Option(names = "--workers", defaultValue = "1") int workers)
            throws IOException, SQLException, InterruptedException {
        common.check(inFlight, clips, jobsPerSecond, seconds, workers);
        run(common, new Lanes(latency, inFlight, clips, jobsPerSecond, Duration.ofSeconds(seconds), workers));
    }

    @Command(
            name = "clients",
            showDefaultValues = true,
            description = "HTTP clients, and threads or timers, that poll; the simulator alone, no stack.")
    void clients(
            @Mixin Common common,
            @Option(names = "--open", defaultValue = "10000", description = "Predictions that are open.") int open,
            @Option(names = "--every", defaultValue = "5", description = "Seconds from look to look.") int every,
            @Option(names = "--seconds", defaultValue = "4", description = "Of each measurement.") int seconds)
            throws IOException, SQLException, InterruptedException {
        common.check(open, every, seconds);
        run(common, new Clients(open, every, seconds));
    }

    @Command(
            name = "polling",
            showDefaultValues = true,
            description = "Policies of polling, simulated; each run is a seed.")
    void polling(@Mixin Common common, @Option(names = "--clips", defaultValue = "5000") int clips)
            throws IOException, SQLException, InterruptedException {
        common.check(clips);
        run(common, new Polling(clips));
    }

    @Command(
            name = "many-jobs",
            showDefaultValues = true,
            description =
                    "Statements over few and over many made-up jobs; PostgreSQL alone, no stack. Not part of all.")
    void manyJobs(
            @Mixin Common common,
            @Option(names = "--few", defaultValue = "10000", description = "Jobs of the one database.") int few,
            @Option(
                            names = "--many",
                            defaultValue = "10000000",
                            description = "Jobs of the other; ten million take some 20 GB and a quarter of an hour.")
                    int many)
            throws IOException, SQLException, InterruptedException {
        common.check(few, many);
        run(common, new ManyRows(few, many));
    }

    @Command(name = "all", showDefaultValues = true, description = "Every scenario with its usual options.")
    void all(@Mixin Common common, @Option(names = "--clips", defaultValue = "20000") int clips)
            throws IOException, SQLException, InterruptedException {
        common.check(clips);
        for (Measure measure : List.of(
                new EndToEnd(INSTANT, true, false, true, clips, 1),
                new EndToEnd(INSTANT, true, true, true, clips, 1),
                new EndToEnd(INSTANT, false, false, false, clips, 1),
                new EndToEnd(INSTANT, false, true, false, clips, 1),
                new EndToEnd(FIFTY_MS, true, true, true, clips, 1),
                new EndToEnd(TWO_SECONDS, true, true, true, clips, 1),
                new EnqueueSingle(clips),
                new EnqueueBulk(100_000),
                new InFlight(Latency.parse("60s"), Scenario.UNBOUND, 10_000, 10_000),
                new LimitUse(TWO_SECONDS, 5_000, 100, 4_000, 1),
                new LimitUse(TWO_SECONDS, 600, 1_000, 1_800, 3),
                new Overhead(TWO_SECONDS, 20, Duration.ofSeconds(30)),
                new Lanes(Latency.parse("1s"), 200, 100_000, 2, Duration.ofSeconds(60), 1),
                new Lanes(Latency.parse("1s"), 200, 100_000, 2, Duration.ofSeconds(60), 2),
                new Clients(10_000, 5, 4),
                new Polling(5_000))) {
            run(common, measure);
        }
    }

    private void run(Common common, Measure measure) throws IOException, SQLException, InterruptedException {
        bench.run(measure, common.runs, common.set);
    }
}
