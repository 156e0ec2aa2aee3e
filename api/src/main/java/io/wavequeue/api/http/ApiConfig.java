package io.wavequeue.api.http;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Settings of the API alone. */
@ConfigMapping(prefix = "wavequeue")
interface ApiConfig {
    /** {@code WAVEQUEUE_API_KEY}: every call outside {@code /q/} needs it as a bearer token. Without it none does. Never logged. */
    Optional<String> apiKey();
}
