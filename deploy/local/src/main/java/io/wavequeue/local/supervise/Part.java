package io.wavequeue.local.supervise;

import java.util.OptionalInt;

/** One process that the {@link Supervisor} starts, watches and stops. */
public interface Part {

    /** The name in messages, in {@code processes.json} and of the log file. */
    String name();

    /** The port it serves, where it serves one. */
    OptionalInt port();

    /**
     * Starts the process and returns its id once it is ready; may be called again after the process ended.
     *
     * @throws PartFailedException when it ended or was not ready in time; nothing of it is left running then
     */
    long launch() throws PartFailedException, InterruptedException;

    /** Whether the process lives; false before the first launch. */
    boolean isRunning();

    /** Asks the process to end, waits, then forces it. For good: a later launch is refused. */
    void stop();
}
