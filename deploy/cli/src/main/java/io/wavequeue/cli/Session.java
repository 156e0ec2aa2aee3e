package io.wavequeue.cli;

import io.wavequeue.cli.client.ApiAddress;
import io.wavequeue.cli.client.HttpJson;
import io.wavequeue.cli.client.Pace;
import io.wavequeue.cli.client.WavequeueApi;
import io.wavequeue.cli.screen.Terminal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All that one call of the command gets from the process around it; tests hand in their own. */
record Session(
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Path workingFolder,
        Terminal terminal,
        Pace pace,
        Supplier<UUID> ids) {

    private static final String API_URL = "WAVEQUEUE_API_URL";
    private static final String API_KEY = "WAVEQUEUE_API_KEY";

    /** The API at {@code --api}, else at {@code WAVEQUEUE_API_URL}, else on this machine. */
    WavequeueApi api(@Nullable String option) {
        String address = option == null ? variable(API_URL) : option;
        ApiAddress api = address == null ? ApiAddress.LOCAL : new ApiAddress(address);
        return new WavequeueApi(new HttpJson(api, variable(API_KEY), pace.sleeper()));
    }

    /** A service without a key, such as the simulator. */
    HttpJson keyless(String address) {
        return new HttpJson(new ApiAddress(address), null, pace.sleeper());
    }

    private @Nullable String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
