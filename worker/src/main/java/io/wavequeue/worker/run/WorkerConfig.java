package io.wavequeue.worker.run;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of a worker. Each is also an environment variable, for example {@code WAVEQUEUE_WORKER_MAX_IN_FLIGHT}. */
@ConfigMapping(prefix = "wavequeue.worker")
public interface WorkerConfig {
    /** Jobs that this worker follows at once, whatever the account allows. Above it, it claims nothing. */
    @WithDefault("10000")
    int maxInFlight();

    /** Submits under way at once. A crash leaves at most so many doubtful ones. */
    @WithDefault("128")
    int submitConnections();

    /** Connections for polls. Above it, polls wait their turn. */
    @WithDefault("64")
    int pollConnections();

    /** GETs of predictions that all workers together send in a second, each its equal part. At least 1. Above it, polls wait their turn. */
    @WithDefault("5000")
    int pollsPerSecond();

    /** Downloads under way at once. */
    @WithDefault("32")
    int downloads();

    /** Uploads of source clips under way at once. Above it, a job that needs another one has its turn later. */
    @WithDefault("16")
    int uploads();

    /** A connection to the provider's API that is older is closed after its next answer; a new one asks for the address anew. */
    @WithDefault("1M")
    Duration connectionLifetime();

    /** From the whole request being sent to the whole answer being read. Beyond it the submit is uncertain. */
    @WithDefault("120S")
    Duration submitTimeout();

    /** One GET of a prediction. Beyond it the GET is repeated. */
    @WithDefault("15S")
    Duration pollTimeout();

    /** One download, or one upload of a source clip. */
    @WithDefault("10M")
    Duration transferTimeout();

    /** How long a record may wait for a permit before it is acknowledged and its row made due again. */
    @WithDefault("3S")
    Duration permitPatience();

    /** A POST may start only so long after its claim was asked for, and after the last confirmed heartbeat. */
    @WithDefault("5S")
    Duration submitWindow();

    @WithDefault("1S")
    Duration beatEvery();

    /** A worker is dead when another has itself read the same beat over this time. At least twice the submit window. */
    @WithDefault("10S")
    Duration deadAfter();

    /** Bound of the first delay before a failed prediction is bought again; it doubles with each attempt. */
    @WithDefault("2S")
    Duration retryFirst();

    /** A failed prediction is not bought again when the job is older than this, held time included. */
    @WithDefault("24H")
    Duration jobDeadline();

    /** How long a stopping worker waits for submits that are under way. */
    @WithDefault("20S")
    Duration drain();

    /** How often the provider is asked for the balance. A probe after an empty balance waits for it. */
    @WithDefault("1M")
    Duration balanceEvery();

    Breaker breaker();

    /** When submits to a provider that does not answer are stopped, and how often one is tried. */
    interface Breaker {
        /** Unanswered submits of a model in a row that open its breaker. */
        @WithDefault("5")
        int threshold();

        /** Wait before the first probe; it doubles. */
        @WithDefault("10S")
        Duration probeFirst();

        /** The longest wait between probes. */
        @WithDefault("2M")
        Duration probeLongest();
    }
}
