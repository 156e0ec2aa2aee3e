package io.wavequeue.worker.lookout;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How predictions that nobody follows are looked at. Environment: {@code WAVEQUEUE_LOOKOUT_EVERY} and so on. */
@ConfigMapping(prefix = "wavequeue.lookout")
public interface LookoutConfig {
    /** False where another worker looks, or in a test that looks itself. */
    @WithDefault("true")
    boolean enabled();

    /** From one look at a prediction to the next. */
    @WithDefault("10M")
    Duration every();
}
