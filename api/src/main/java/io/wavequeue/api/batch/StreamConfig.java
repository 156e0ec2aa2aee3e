package io.wavequeue.api.batch;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of {@code GET /v1/batches/{id}/events}. */
@ConfigMapping(prefix = "wavequeue.streams")
interface StreamConfig {
    /** {@code WAVEQUEUE_STREAMS_MAX}: streams of events that are open at once in this process; one more is answered 503. */
    @WithDefault("100")
    int max();
}
