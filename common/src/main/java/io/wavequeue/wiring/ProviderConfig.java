package io.wavequeue.wiring;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Where the provider is. Environment: {@code WAVESPEED_BASE_URL}, {@code WAVESPEED_API_KEY}. */
@ConfigMapping(prefix = "wavespeed")
public interface ProviderConfig {
    /** The host of the real provider. */
    String REAL_HOST = "api.wavespeed.ai";

    /** The host's root, without {@code /api/v3}. */
    @WithDefault("https://" + REAL_HOST)
    URI baseUrl();

    /** Sent as a bearer token, never logged, never sent to another host. */
    Optional<String> apiKey();

    /** True when submits cost real money. */
    default boolean isReal() {
        return REAL_HOST.equals(baseUrl().getHost());
    }
}
