package io.wavequeue.quote;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of quotes, for the API and the workers alike. */
@ConfigMapping(prefix = "wavequeue.quotes")
public interface QuoteConfig {
    /** False where another worker asks, or in a test that turns the loop by hand. */
    @WithDefault("true")
    boolean enabled();

    /** How long an answer counts; an older one is asked for anew. */
    @WithDefault("24H")
    Duration keep();

    /** Different prices of one model that a plan asks for. The rest is told by their factor on the catalogue's price. At least 1. */
    @WithDefault("20")
    int mostPerModel();

    /** Questions to the provider per second, of all workers together. At least 1. */
    @WithDefault("10")
    int perSecond();
}
