package io.wavequeue.fetch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of what this program fetches from addresses that others name. */
@ConfigMapping(prefix = "wavequeue.fetch")
public interface FetchConfig {
    /** Host names, IP addresses and CIDR ranges that may be fetched from though they are not public, at any port. */
    Optional<List<String>> allow();

    /** One clip by its URL, redirects included. Beyond it the call is refused. */
    @WithDefault("1M")
    Duration timeout();

    /** Clips that one process fetches at once; the next waits for its turn within its time. At least 1. */
    @WithDefault("16")
    int atOnce();
}
