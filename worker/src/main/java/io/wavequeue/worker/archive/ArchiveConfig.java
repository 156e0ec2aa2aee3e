package io.wavequeue.worker.archive;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Whether outputs are fetched. Environment: {@code WAVEQUEUE_ARCHIVE_ENABLED}. */
@ConfigMapping(prefix = "wavequeue.archive")
public interface ArchiveConfig {
    /** False where another worker fetches them: the provider deletes what nobody has fetched within its 7 days. */
    @WithDefault("true")
    boolean enabled();
}
