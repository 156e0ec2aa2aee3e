package io.wavequeue.api.http;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of {@code POST /v1/batches}. */
@ConfigMapping(prefix = "wavequeue.batches")
public interface BatchConfig {
    /** {@code WAVEQUEUE_BATCHES_MAX_BODY}: the largest file; at most 1G. A longer one is answered 413. */
    @WithDefault("200M")
    MemorySize maxBody();
}
