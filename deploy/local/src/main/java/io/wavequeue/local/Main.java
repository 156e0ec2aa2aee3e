package io.wavequeue.local;

import io.wavequeue.local.supervise.PartFailedException;
import io.wavequeue.local.supervise.ProcessMark;
import io.wavequeue.local.supervise.Supervisor;
import io.wavequeue.local.supervise.Waiting;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** {@code up} and {@code demo}: the whole stack on this machine. The launcher script starts this class. */
public final class Main {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private final Map<String, String> environment;
    private final Waiting waiting;
    private final PrintStream out;
    private final PrintStream err;

    Main(Map<String, String> environment, Waiting waiting, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.waiting = waiting;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(new Main(System.getenv(), Waiting.real(), System.out, System.err).run(List.of(arguments)));
    }

    int run(List<String> arguments) throws InterruptedException {
        try {
            return switch (Command.parse(arguments)) {
                case Command.Up up -> up(up);
                case Command.Demo demo -> demo(demo);
            };
        } catch (UsageException e) {
            err.println(e.getMessage());
            return USAGE;
        } catch (CannotStartException e) {
            err.println(e.getMessage());
            return FAILED;
        } catch (IOException e) {
            err.println("The stack cannot be started: " + e.getMessage());
            return FAILED;
        }
    }

    private int up(Command.Up up) throws CannotStartException, IOException, InterruptedException {
        var provider = Provider.forUp(environment);
        var listening = Listening.at(up.host(), up.port(), environment.getOrDefault("WAVEQUEUE_API_KEY", ""));
        try (var data = DataFolder.open(up.data())) {
            return run(environment, data, provider, listening, up.workers(), stack -> {
                out.println("Wavequeue is ready.");
                out.println("  API         " + listening.url());
                out.println("  Swagger UI  " + listening.url() + "/q/swagger-ui");
                out.println("  Data        " + data.path());
                out.println("Ctrl-C stops everything.");
                new CountDownLatch(1).await(); // until a signal ends this JVM
                return OK;
            });
        }
    }

    private int demo(Command.Demo demo) throws CannotStartException, IOException, InterruptedException {
        var provider = demo.real() ? Provider.forRealDemo(environment) : Provider.forDemo(environment);
        try (var data = DataFolder.open(demo.data())) {
            stopLeftovers(data);
            boolean usual = Ports.isFree(InetAddress.getLoopbackAddress(), Command.DEFAULT_PORT);
            var listening = Listening.at(Command.LOOPBACK, usual ? Command.DEFAULT_PORT : Ports.free(), "");
            return run(
                    onServersOfItsOwn(environment),
                    data,
                    provider,
                    listening,
                    1,
                    stack -> runCli(data.path(), listening, stack));
        }
    }

    /** A simulated provider must never work on the jobs of an installation. */
    private static Map<String, String> onServersOfItsOwn(Map<String, String> environment) {
        var own = new HashMap<>(environment);
        own.keySet().removeAll(List.of(ChildEnvironment.DATABASE_URL, ChildEnvironment.KAFKA));
        return own;
    }

    /** What is done while the stack runs; its result is our exit code. */
    @FunctionalInterface
    private interface Visit {
        int of(Stack stack) throws CannotStartException, IOException, InterruptedException;
    }

    private int run(
            Map<String, String> environment,
            DataFolder data,
            Provider provider,
            Listening listening,
            int workers,
            Visit visit)
            throws CannotStartException, IOException, InterruptedException {
        stopLeftovers(data);
        listening.requireFree();
        var stack = new Stack(Installation.ofSystemProperty(), data, provider, environment, listening, waiting);
        var stages = stack.stages(workers);
        out.println(stack.announcement());
        data.processes().delete(); // of a killed supervisor: it would say that all are ready
        try (var supervisor = new Supervisor(stages, data.processes(), out::println, waiting)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(supervisor), "stop-all"));
            try {
                supervisor.start();
                return visit.of(stack);
            } catch (PartFailedException e) {
                if (!supervisor.isStopping()) {
                    err.println(e.getMessage());
                }
                return FAILED;
            }
        }
    }

    private void stop(Supervisor supervisor) {
        if (!supervisor.isStopping()) {
            out.println("Stopping: the workers first, which finish what they can.");
        }
        supervisor.close();
    }

    private void stopLeftovers(DataFolder data) throws InterruptedException {
        int stopped = new ProcessMark(data.path()).stopRunning(waiting);
        if (stopped > 0) {
            out.println("Stopped " + stopped + " processes that a killed wavequeue had left behind.");
        }
    }

    private int runCli(Path data, Listening listening, Stack stack)
            throws CannotStartException, IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Java.program(), "-Xmx128m", "-XX:+UseSerialGC", "-cp"));
        command.add(Installation.ofSystemProperty().cliClassPath());
        command.addAll(List.of(
                "io.wavequeue.cli.Main", "demo", "--api", listening.url().toString(), "--out", data.toString()));
        stack.simulatorUrl().ifPresent(url -> command.addAll(List.of("--simulator", url)));
        var builder = new ProcessBuilder(command).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(ChildEnvironment.plain(environment));
        var cli = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(cli::destroy, "stop-demo"));
        return cli.waitFor();
    }
}
