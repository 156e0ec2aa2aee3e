package io.wavequeue.local;

import io.wavequeue.local.supervise.ChildProgram;
import io.wavequeue.local.supervise.LogFile;
import io.wavequeue.local.supervise.PartFailedException;
import io.wavequeue.local.supervise.ProgramSpec;
import io.wavequeue.local.supervise.Readiness;
import io.wavequeue.local.supervise.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** For tests: an embedded Kafka in a JVM of its own, which ends with this one at the latest. */
public final class KafkaServerProcess implements AutoCloseable {
    private static final List<String> JAVA_OPTIONS = List.of(
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");
    /** It lives for a few minutes: the second compiler would cost more than it brings. */
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1");

    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);

    private final ChildProgram program;
    private final int port;
    private volatile long pid;

    private KafkaServerProcess(ChildProgram program, int port) {
        this.program = program;
        this.port = port;
    }

    /**
     * A running broker.
     *
     * @param folder keeps topics and records; started on again, it has them still
     * @param port a free one, see {@link Ports#free()}
     */
    public static KafkaServerProcess start(Path folder, int port) {
        var parent = Long.toString(ProcessHandle.current().pid());
        var spec = spec(folder.resolve("records"), port, QUICK, System.getenv(), List.of(parent));
        var log = new LogFile(folder.resolve("kafka.log"));
        var server = new KafkaServerProcess(new ChildProgram(spec, log, Waiting.real()), port);
        server.restart();
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop, "stop-kafka"));
        return server;
    }

    /** The program as the supervisor runs it too. */
    static ProgramSpec spec(
            Path folder, int port, List<String> javaOptions, Map<String, String> environment, List<String> more) {
        var command = new ArrayList<String>();
        command.add(Java.program());
        command.addAll(javaOptions);
        command.addAll(JAVA_OPTIONS);
        command.addAll(
                List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true"));
        command.add(KafkaServer.class.getName());
        command.addAll(
                List.of(folder.toAbsolutePath().toString(), Integer.toString(port), Integer.toString(Ports.free())));
        command.addAll(more);
        var withClassPath = new HashMap<>(environment);
        withClassPath.put("CLASSPATH", KafkaClassPath.find()); // too long to be read in a list of processes
        return new ProgramSpec(
                "kafka",
                command,
                withClassPath,
                OptionalInt.of(port),
                new Readiness.Says(KafkaServer.READY + port),
                START_TIMEOUT,
                STOP_TIMEOUT);
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** The process id of the broker's JVM. */
    public long pid() {
        return pid;
    }

    /** SIGKILL, as a crash would be. */
    public void kill() {
        program.kill();
    }

    /** Starts it again on the same port after {@link #kill()}. */
    public void restart() {
        try {
            pid = program.launch();
        } catch (PartFailedException e) {
            throw new IllegalStateException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Kafka started", e);
        }
    }

    public void stop() {
        program.stop();
    }

    @Override
    public void close() {
        stop();
    }
}
