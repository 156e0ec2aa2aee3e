package io.wavequeue.cli;

import io.wavequeue.cli.client.ApiAddress;
import io.wavequeue.cli.client.BulkApi;
import io.wavequeue.cli.client.HttpJson;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.client.Pace;
import io.wavequeue.cli.client.WavequeueApi;
import io.wavequeue.cli.screen.Screen;
import io.wavequeue.cli.screen.Terminal;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that one call of the command gets from the process around it; tests hand in their own.
 *
 * @param account what the operating system calls the user; null = it does not say
 */
record Session(
        Screen screen,
        Map<String, String> environment,
        @Nullable String account,
        Path workingFolder,
        Pace pace,
        Supplier<UUID> ids) {

    private static final String API_URL = "WAVEQUEUE_API_URL";
    private static final String API_KEY = "WAVEQUEUE_API_KEY";

    PrintStream out() {
        return screen.out();
    }

    PrintStream err() {
        return screen.err();
    }

    Terminal terminal() {
        return screen.terminal();
    }

    /** The API at {@code --api}, else at {@code WAVEQUEUE_API_URL}, else on this machine. */
    WavequeueApi api(@Nullable String option) {
        return new WavequeueApi(http(option));
    }

    /** The same API's part about libraries. */
    LibraryApi libraries(@Nullable String option) {
        return new LibraryApi(http(option));
    }

    /** The same API's part about many jobs at once. */
    BulkApi bulk(@Nullable String option) {
        return new BulkApi(http(option));
    }

    private HttpJson http(@Nullable String option) {
        String address = option == null ? variable(API_URL) : option;
        ApiAddress api = address == null ? ApiAddress.LOCAL : new ApiAddress(address);
        return new HttpJson(api, variable(API_KEY), pace.sleeper());
    }

    /** A service without a key, such as the simulator. */
    HttpJson keyless(String address) {
        return new HttpJson(new ApiAddress(address), null, pace.sleeper());
    }

    /** Where files are kept that only save work: the user's cache folder. */
    Path cacheFolder() {
        String given = variable("XDG_CACHE_HOME");
        String windows = variable("LOCALAPPDATA");
        if (given == null && windows != null) {
            return Path.of(windows, "wavequeue", "cache");
        }
        String home = variable("HOME");
        Path cache = given != null ? Path.of(given) : Path.of(home == null ? "." : home, ".cache");
        return cache.resolve("wavequeue");
    }

    /** Who calls the command, as this machine knows them, for the record; null = it does not say. */
    @Nullable
    String user() {
        return Stream.of(variable("USER"), variable("USERNAME"), account)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** A variable of the environment; null when it is not set, or empty. */
    @Nullable
    String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }
}
