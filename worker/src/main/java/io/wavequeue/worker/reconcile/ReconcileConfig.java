package io.wavequeue.worker.reconcile;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.time.Duration;

/** How evidence for uncertain submits is looked for. Environment: {@code WAVEQUEUE_UNCERTAIN_HISTORY_LAG} and so on. */
@ConfigMapping(prefix = "wavequeue.uncertain")
public interface ReconcileConfig {
    /** False where another process looks, or in a test that looks itself. */
    @WithDefault("true")
    boolean enabled();

    /** How often the provider's history is looked at for a new uncertain submit; the wait doubles up to a minute. */
    @WithDefault("5S")
    Duration every();

    /** How late a prediction may show up in the history. Nothing counts as not created before that. */
    @WithDefault("60S")
    Duration historyLag();

    /** How far clocks may be apart, and times of the history off, around a submit. */
    @WithDefault("10S")
    Duration clockMargin();

    /** USD per UTC day that may be paid twice by repeating doubtful submits without asking; 0 asks always. */
    @WithDefault("0")
    BigDecimal allowanceUsd();
}
