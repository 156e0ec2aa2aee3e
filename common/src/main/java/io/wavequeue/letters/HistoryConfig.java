package io.wavequeue.letters;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the provider's history is read for replays from the dead-letter topic, for the API and the workers alike. */
@ConfigMapping(prefix = "wavequeue.history")
public interface HistoryConfig {
    /** False where another worker reads, or in a test that turns the loop by hand. */
    @WithDefault("true")
    boolean enabled();

    /** How long a call waits for a reading; one that takes longer serves the next call. */
    @WithDefault("10S")
    Duration patience();

    /** How long ago a reading may have ended that serves a call. At most 15 minutes count. */
    @WithDefault("10M")
    Duration keep();
}
