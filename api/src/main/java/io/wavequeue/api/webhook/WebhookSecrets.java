package io.wavequeue.api.webhook;

import io.wavequeue.store.WebhookSecretStore;
import io.wavequeue.wiring.Webhooks;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that count now: the configured ones, else those that a worker was told. They are read every few seconds at most,
 * also while there is none: anybody can call, and a call is not to reach the database before it is signed.
 */
@ApplicationScoped
class WebhookSecrets {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final WebhookSecretStore store;
    private final Webhooks webhooks;
    private final InstantSource clock;
    private volatile @Nullable Read last;

    private record Read(List<String> secrets, Instant at) {}

    WebhookSecrets(WebhookSecretStore store, Webhooks webhooks, InstantSource clock) {
        this.store = store;
        this.webhooks = webhooks;
        this.clock = clock;
    }

    /** Empty while no worker has been told one. */
    List<String> valid() {
        if (!webhooks.secrets().isEmpty()) {
            return webhooks.secrets();
        }
        Instant now = clock.instant();
        Read read = last;
        if (read == null || Duration.between(read.at(), now).abs().compareTo(FRESH) > 0) {
            read = new Read(store.valid(), now);
            last = read;
        }
        return read.secrets();
    }
}
