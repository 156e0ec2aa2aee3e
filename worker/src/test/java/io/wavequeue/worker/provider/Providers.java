package io.wavequeue.worker.provider;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpVersion;
import io.wavequeue.wiring.ProviderConfig;
import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.WorkerConfig;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** The real client, made by hand. */
final class Providers {
    /** Longer than a test pauses between two submits. */
    private static final Duration SUBMIT_IDLE = Duration.ofMinutes(2);

    private Providers() {}

    /** @param settings names and values without {@code wavequeue.worker.} */
    static WaveSpeed of(Vertx vertx, URI url, HttpVersion reading, Stopwatch stopwatch, Map<String, String> settings) {
        SmallRyeConfig config = config(url, settings);
        return new WaveSpeed(
                vertx,
                config.getConfigMapping(ProviderConfig.class),
                config.getConfigMapping(WorkerConfig.class),
                InstantSource.system(),
                stopwatch,
                reading,
                SUBMIT_IDLE);
    }

    /** @param settings names and values without {@code wavequeue.worker.} */
    static SmallRyeConfig config(URI url, Map<String, String> settings) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(ProviderConfig.class)
                .withMapping(WorkerConfig.class)
                .withDefaultValue("wavespeed.base-url", url.toString());
        settings.forEach((name, value) -> builder.withDefaultValue("wavequeue.worker." + name, value));
        return builder.build();
    }

    static Stopwatch realTime() {
        return new Stopwatch(InstantSource.system(), System::nanoTime);
    }
}
