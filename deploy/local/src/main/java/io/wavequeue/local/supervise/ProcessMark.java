package io.wavequeue.local.supervise;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The Java option by which the processes of one data folder are recognised when their supervisor was killed: a process
 * id alone proves nothing, since ids are given out again.
 */
public record ProcessMark(Path dataFolder) {
    /** Not below {@code wavequeue.}: the programs check every setting of that name. */
    private static final String OPTION = "-Dsupervised.by.wavequeue=";

    private static final Duration POLITE = Duration.ofSeconds(10);
    private static final Duration FORCED = Duration.ofSeconds(5);

    /** The option for a child of that name; it stands first, where a person sees it. */
    public String option(String name) {
        return OPTION + name + "@" + dataFolder;
    }

    /** The running processes of this data folder. */
    public List<ProcessHandle> running() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> Pids.isAlive(process.pid()))
                .filter(process -> isOurs(Pids.arguments(process.pid())))
                .toList();
    }

    /** Stops what runs of this data folder and returns how many processes that were. */
    public int stopRunning(Waiting waiting) throws InterruptedException {
        var found = running();
        found.forEach(ProcessHandle::destroy);
        if (!waiting.until(POLITE, () -> allEnded(found))) {
            found.forEach(ProcessHandle::destroyForcibly);
            waiting.until(FORCED, () -> allEnded(found));
        }
        return found.size();
    }

    boolean isOurs(List<String> arguments) {
        return arguments.stream()
                .anyMatch(argument -> argument.startsWith(OPTION) && argument.endsWith("@" + dataFolder));
    }

    private static boolean allEnded(List<ProcessHandle> processes) {
        return processes.stream().noneMatch(process -> Pids.isAlive(process.pid()));
    }
}
