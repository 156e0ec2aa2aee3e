package io.wavequeue.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --api}, which every command that asks the API has. */
final class ApiOption {

    @Option(
            names = "--api",
            paramLabel = "URL",
            description = "Address of the API (default: $WAVEQUEUE_API_URL, else this machine's port 8080).")
    @Nullable
    String address;
}
