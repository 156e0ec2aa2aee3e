package io.wavequeue.local.supervise;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A program to run as a child process.
 *
 * @param name unique within a supervisor
 * @param command program and arguments
 * @param environment the child's whole environment: nothing is inherited beside it
 * @param port the port it serves, where it serves one
 * @param readiness how it shows that it can be used
 * @param startTimeout it is ready within this time, or has failed
 * @param stopTimeout it ends within this time after SIGTERM, or is killed
 */
public record ProgramSpec(
        String name,
        List<String> command,
        Map<String, String> environment,
        OptionalInt port,
        Readiness readiness,
        Duration startTimeout,
        Duration stopTimeout) {

    public ProgramSpec {
        if (!name.matches("[a-z][a-z0-9-]*")) {
            throw new IllegalArgumentException("a program's name is lower case, digits and dashes: " + name);
        }
        if (command.isEmpty()) {
            throw new IllegalArgumentException("no command for " + name);
        }
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
