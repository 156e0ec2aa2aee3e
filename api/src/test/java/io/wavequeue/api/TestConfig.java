package io.wavequeue.api;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Names the settings that only tests give, so that they count as known. */
@ConfigMapping(prefix = "wavequeue")
interface TestConfig {
    Dispatch dispatch();

    /** The dispatch loop. */
    interface Dispatch {
        Optional<Boolean> enabled();
    }
}
