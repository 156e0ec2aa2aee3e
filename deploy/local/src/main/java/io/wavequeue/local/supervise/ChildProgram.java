package io.wavequeue.local.supervise;

import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A {@link ProgramSpec} as a child process whose output goes to a log file, and so outlives the supervisor. */
public final class ChildProgram implements Part {
    /**
     * A terminal sends Ctrl-C (and its own closing) to every process of the group; a JVM that starts with the signal
     * ignored leaves it ignored. The shell replaces itself, so the process id is the program's.
     */
    private static final List<String> DEAF_TO_THE_TERMINAL =
            List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "wavequeue");

    private static final int TAIL_LINES = 20;

    private final ProgramSpec spec;
    private final LogFile log;
    private final Waiting waiting;
    private final Object lock = new Object();
    private @Nullable Process process;
    private boolean stopped;

    public ChildProgram(ProgramSpec spec, LogFile log, Waiting waiting) {
        this.spec = spec;
        this.log = log;
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public OptionalInt port() {
        return spec.port();
    }

    @Override
    public long launch() throws PartFailedException, InterruptedException {
        var launch = begin();
        try {
            awaitReady(launch);
            return launch.process().pid();
        } catch (PartFailedException | InterruptedException e) {
            launch.process().destroyForcibly();
            throw e;
        }
    }

    @Override
    public boolean isRunning() {
        var current = current();
        return current != null && current.isAlive();
    }

    @Override
    public void stop() {
        Process last;
        synchronized (lock) {
            stopped = true;
            last = process;
        }
        if (last != null) {
            end(last, spec.stopTimeout());
        }
    }

    /** SIGKILL, as a crash would be; a later launch is allowed. */
    public void kill() {
        var current = current();
        if (current != null) {
            current.destroyForcibly().onExit().join();
        }
    }

    private record Launch(Process process, long logStart) {}

    private Launch begin() throws PartFailedException {
        synchronized (lock) {
            if (stopped) {
                throw new PartFailedException(name() + " is not started, since everything is being stopped.");
            }
            try {
                log.rotate();
                long logStart = log.size();
                process = builder().start();
                return new Launch(process, logStart);
            } catch (IOException e) {
                throw new PartFailedException(name() + " could not be started: " + e.getMessage(), e);
            }
        }
    }

    private ProcessBuilder builder() {
        var command = new ArrayList<>(DEAF_TO_THE_TERMINAL);
        command.addAll(spec.command());
        var builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.path().toFile()));
        builder.environment().clear();
        builder.environment().putAll(spec.environment());
        return builder;
    }

    /** What has answered "ready" is ready, whatever it would answer a moment later. */
    private void awaitReady(Launch launch) throws PartFailedException, InterruptedException {
        var process = launch.process();
        var obstacle = new AtomicReference<>("");
        boolean settled = waiting.until(spec.startTimeout(), () -> {
            if (!process.isAlive()) {
                return true;
            }
            var found = obstacle(launch);
            obstacle.set(found);
            return found.isEmpty();
        });
        if (!settled) {
            throw failed(
                    launch,
                    "was not ready within %d s: %s"
                            .formatted(spec.startTimeout().toSeconds(), obstacle));
        }
        if (!process.isAlive()) {
            throw failed(launch, "ended with exit code " + process.waitFor() + " before it was ready");
        }
    }

    /** Why it is not ready; empty when it is. */
    private String obstacle(Launch launch) {
        return switch (spec.readiness()) {
            case Readiness.Answers answers -> answers.obstacle();
            case Readiness.Says says ->
                log.contains(launch.logStart(), says.text()) ? "" : "it has not said \"" + says.text() + "\"";
        };
    }

    private PartFailedException failed(Launch launch, String what) {
        var tail = log.tail(launch.logStart(), TAIL_LINES);
        var quoted = tail.isEmpty() ? "  (it wrote nothing)" : "  " + String.join("\n  ", tail);
        return new PartFailedException(
                "%s %s. The end of its log, %s:\n%s".formatted(name(), what, log.path(), quoted));
    }

    private @Nullable Process current() {
        synchronized (lock) {
            return process;
        }
    }

    private static void end(Process process, Duration timeout) {
        process.destroy();
        boolean interrupted = false;
        try {
            if (process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            interrupted = true; // no time to be polite
        }
        process.destroyForcibly().onExit().join();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
