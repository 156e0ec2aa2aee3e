package io.wavequeue.wiring;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of both programs. Each is also an environment variable: {@code wavequeue.data-dir} = {@code WAVEQUEUE_DATA_DIR}. */
@ConfigMapping(prefix = "wavequeue")
public interface WavequeueConfig {
    /** Folder of outputs and media, shared by all processes. */
    @WithDefault("wavequeue-data")
    Path dataDir();

    /** Whether that folder is one that all machines of the installation share. */
    @WithDefault("false")
    boolean dataShared();

    /** Account level that seeds the limits at the first start. Without it: bronze for the real provider, ultra otherwise. */
    Optional<String> tier();

    /** Seeds the limit of submits per minute, in place of the tier's. */
    Optional<Integer> submitsPerMinute();

    /** Seeds the limit of predictions in flight, in place of the tier's. */
    Optional<Integer> maxInFlight();

    /** Seeds the daily budget in USD. Without it: 10 for the real provider, none otherwise. */
    Optional<BigDecimal> dailyBudgetUsd();

    /** Folder of further model files, which add to the catalogue or replace a model of the same id. */
    Optional<Path> catalogueDir();

    /** Pins what a price per second is counted over ({@code extension} or {@code output}), where a model leaves it open. */
    Optional<String> priceBasis();

    Dispatch dispatch();

    /** Settings of the dispatch. */
    interface Dispatch {
        /** False where another process of the installation dispatches, or in a test without a broker. */
        @WithDefault("true")
        boolean enabled();

        /** When a job that nobody claims is sent again; doubles with each sending, up to an hour. */
        @WithDefault("1M")
        Duration sendAgain();
    }

    Webhook webhook();

    /** Whether and how the provider tells us what became of submits. */
    interface Webhook {
        /** The API's public address, as the provider reaches it. Without it submits name no webhook and none is taken. */
        Optional<URI> url();

        /** What webhooks are signed with, several while one replaces the other. Without it a worker asks the provider. Never logged. */
        Optional<List<String>> secret();
    }

    Events events();

    /** Settings of the publishing of events and dead letters. */
    interface Events {
        /** False where another process of the installation publishes, or in a test without a broker. */
        @WithDefault("true")
        boolean enabled();

        /** How long published events are kept in the database, to be published again when their topic was deleted. */
        @WithDefault("1D")
        Duration keep();
    }

    /** How often a job may be replayed; then it is parked, until somebody forces it. 0 = never. */
    @WithDefault("3")
    int maxReplays();

    Resolutions resolutions();

    /** Settings of bulk operations: decisions about many jobs, replays and the others. */
    interface Resolutions {
        /** False where another process of the installation carries them out, or in a test that turns the loop by hand. */
        @WithDefault("true")
        boolean enabled();
    }
}
