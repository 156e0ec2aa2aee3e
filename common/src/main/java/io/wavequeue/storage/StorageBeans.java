package io.wavequeue.storage;

import io.quarkus.runtime.StartupEvent;
import io.wavequeue.wiring.WavequeueConfig;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The storage of outputs that the installation is configured for. What is wrong with it ends the start. */
@ApplicationScoped
class StorageBeans {
    /** Before anything that writes. */
    private static final int FIRST = 100;

    @Produces
    @Singleton
    OutputStorage outputs(WavequeueConfig config, S3Config s3, InstantSource clock) {
        @Nullable S3Settings settings = S3Settings.of(s3);
        return settings == null
                ? new FolderStorage(config.dataDir().resolve("outputs"))
                : new S3Storage(
                        S3Clients.of(settings), settings, config.dataDir().resolve("parts"), clock);
    }

    void onStart(@Observes @Priority(FIRST) StartupEvent start, OutputStorage storage) {
        storage.check();
    }
}
