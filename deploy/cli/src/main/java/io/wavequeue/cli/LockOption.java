package io.wavequeue.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --lock}, of commands after which a library's takes are not as they were. */
final class LockOption {

    @Option(
            names = "--lock",
            paramLabel = "FILE",
            description = "Write this lock file (default: those in the current folder that are of the library).")
    @Nullable
    String file;
}
