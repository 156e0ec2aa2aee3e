package io.wavequeue.local;

import io.wavequeue.local.supervise.ChildProgram;
import io.wavequeue.local.supervise.Part;
import io.wavequeue.local.supervise.ProcessMark;
import io.wavequeue.local.supervise.ProgramSpec;
import io.wavequeue.local.supervise.Readiness;
import io.wavequeue.local.supervise.Waiting;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Which programs make up the stack, in which order, and what each is told about the others. */
final class Stack {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    /** A worker hands back or finishes what it can; the rest is carried on by the next one. */
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(25);

    private static final String SMALL = "-XX:+UseSerialGC";
    // Started again by us, which is better than going on with a thread missing.
    private static final String END_WHEN_FULL = "-XX:+ExitOnOutOfMemoryError";
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    private final Installation installation;
    private final DataFolder data;
    private final Provider provider;
    private final Map<String, String> own;
    private final Listening listening;
    private final Waiting waiting;
    private final ProcessMark mark;
    private final AheadOfTime aheadOfTime;
    private final Optional<PostgresServer> postgres;
    private final OptionalInt kafkaPort;
    private final OptionalInt simulatorPort;
    private final Map<String, String> shared;

    Stack(
            Installation installation,
            DataFolder data,
            Provider provider,
            Map<String, String> own,
            Listening listening,
            Waiting waiting)
            throws IOException {
        this.installation = installation;
        this.data = data;
        this.provider = provider;
        this.own = own;
        this.listening = listening;
        this.waiting = waiting;
        this.mark = new ProcessMark(data.path());
        this.aheadOfTime = AheadOfTime.of(own);
        this.postgres = isSet(ChildEnvironment.DATABASE_URL)
                ? Optional.empty()
                : Optional.of(new PostgresServer(
                        data.path().resolve("postgres"), Ports.free(), data.log("postgres"), waiting));
        this.kafkaPort = isSet(ChildEnvironment.KAFKA) ? OptionalInt.empty() : OptionalInt.of(Ports.free());
        this.simulatorPort =
                provider instanceof Provider.Simulated ? OptionalInt.of(Ports.free()) : OptionalInt.empty();
        this.shared = ChildEnvironment.shared(own, provider, data.path(), addresses());
    }

    /** Whom the workers submit to, for the first line of output. */
    String announcement() {
        return Announcement.of(provider, shared);
    }

    /** The simulator's address, where it is ours. */
    Optional<String> simulatorUrl() {
        return simulatorPort.isPresent()
                ? Optional.of("http://" + Command.LOOPBACK + ":" + simulatorPort.getAsInt())
                : Optional.empty();
    }

    /** In the order of starting. */
    List<List<Part>> stages(int workers) throws CannotStartException {
        var servers = new ArrayList<Part>();
        postgres.ifPresent(servers::add);
        kafkaPort.ifPresent(port -> servers.add(child(kafka(port))));
        var simulators =
                simulatorPort.isPresent() ? List.<Part>of(child(simulator(simulatorPort.getAsInt()))) : List.<Part>of();
        var api = child(api());
        var workerJar = installation.worker();
        var workerParts = IntStream.rangeClosed(1, workers)
                .mapToObj(number -> (Part) child(worker(number, workerJar)))
                .toList();
        return List.of(servers, simulators, List.of(api), workerParts);
    }

    private ChildEnvironment.Addresses addresses() throws IOException {
        var database = own.getOrDefault(ChildEnvironment.DATABASE_URL, "");
        if (postgres.isPresent()) {
            postgres.get().prepare();
            database = postgres.get().jdbcUrl();
        }
        var kafka = kafkaPort.isPresent()
                ? Command.LOOPBACK + ":" + kafkaPort.getAsInt()
                : own.getOrDefault(ChildEnvironment.KAFKA, "");
        return new ChildEnvironment.Addresses(database, kafka, simulatorUrl().orElse(""));
    }

    private ProgramSpec kafka(int port) {
        return KafkaServerProcess.spec(
                data.path().resolve("kafka"),
                port,
                List.of(mark.option("kafka")),
                ChildEnvironment.plain(own),
                List.of());
    }

    private ProgramSpec simulator(int port) throws CannotStartException {
        var program = List.of(
                "-cp",
                installation.simulatorClassPath(),
                "io.wavequeue.simulator.Main",
                "--host",
                Command.LOOPBACK,
                "--port",
                Integer.toString(port),
                "--data",
                data.path().resolve("simulator").toString(),
                "--latency",
                "demo");
        return new ProgramSpec(
                "simulator",
                java("simulator", List.of("-Xmx512m", SMALL, NATIVE_ACCESS), program),
                ChildEnvironment.plain(own),
                OptionalInt.of(port),
                new Readiness.Says("simulator ready on http://" + Command.LOOPBACK + ":" + port),
                START_TIMEOUT,
                STOP_TIMEOUT);
    }

    private ProgramSpec api() throws CannotStartException {
        return quarkus(
                "api",
                java(
                        "api",
                        List.of("-Xmx256m", SMALL, NATIVE_ACCESS, END_WHEN_FULL),
                        aheadOfTime.run(installation.api())),
                listening.address().getHostAddress(),
                listening.url(),
                STOP_TIMEOUT.plus(aheadOfTime.endsLater()));
    }

    private ProgramSpec worker(int number, Path jar) {
        var name = "worker-" + number;
        int port = Ports.free();
        return quarkus(
                name,
                java(name, List.of("-Xmx512m", NATIVE_ACCESS, END_WHEN_FULL), aheadOfTime.run(jar)),
                Command.LOOPBACK,
                URI.create("http://" + Command.LOOPBACK + ":" + port),
                DRAIN_TIMEOUT.plus(aheadOfTime.endsLater()));
    }

    private ProgramSpec quarkus(String name, List<String> command, String host, URI url, Duration stopTimeout) {
        return new ProgramSpec(
                name,
                command,
                ChildEnvironment.listening(shared, host, url.getPort()),
                OptionalInt.of(url.getPort()),
                new Readiness.Answers(url.resolve("/q/health/ready")),
                START_TIMEOUT,
                stopTimeout);
    }

    /** The mark stands first; the person's options come last, so that they win. */
    private List<String> java(String name, List<String> options, List<String> program) {
        return Stream.of(List.of(Java.program(), mark.option(name)), options, personsOptions(), program)
                .flatMap(List::stream)
                .toList();
    }

    private List<String> personsOptions() {
        var options = own.getOrDefault("WAVEQUEUE_JAVA_OPTS", "").strip();
        return options.isEmpty() ? List.of() : List.of(options.split("\\s+"));
    }

    private Part child(ProgramSpec spec) {
        return new ChildProgram(spec, data.log(spec.name()), waiting);
    }

    private boolean isSet(String name) {
        return !own.getOrDefault(name, "").isBlank();
    }
}
