package io.wavequeue.worker.retention;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Whether and how often old rows and files are removed. Environment: {@code WAVEQUEUE_RETENTION_ENABLED} and so on. */
@ConfigMapping(prefix = "wavequeue.retention")
public interface RetentionConfig {
    /** False where another worker removes them, or in a test that turns the loop by hand. */
    @WithDefault("true")
    boolean enabled();

    /** From the end of one pass to the next. */
    @WithDefault("1H")
    Duration every();
}
