package io.wavequeue.worker.account;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.wavequeue.dispatch.Loop;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.WebhookSecretStore;
import io.wavequeue.wiring.Webhooks;
import io.wavequeue.worker.provider.WaveSpeed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Asks the provider what it signs webhooks with, at the start and once an hour, and keeps it for the API, which has no use
 * for the provider's key otherwise. Not where the secret is configured.
 */
@ApplicationScoped
class WebhookSecretWatch {
    private static final Logger LOG = Logger.getLogger(WebhookSecretWatch.class);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final WaveSpeed provider;
    private final WebhookSecretStore secrets;
    private final boolean enabled;
    private final Loop loop = new Loop("webhook-secret", this::step);

    WebhookSecretWatch(WaveSpeed provider, WebhookSecretStore secrets, Webhooks webhooks) {
        this.provider = provider;
        this.secrets = secrets;
        this.enabled = webhooks.areOn() && webhooks.secrets().isEmpty();
    }

    void onStart(@Observes StartupEvent start) {
        if (enabled) {
            loop.start();
        }
    }

    void onStop(@Observes ShutdownEvent stop) {
        loop.stop();
    }

    /** A loop's edge: sooner again while the secret is not known. */
    private Duration step() throws InterruptedException {
        try {
            if (secrets.keep(provider.webhookSecret())) {
                LOG.info("the provider told a new webhook secret; a former one stays valid for a day");
            }
            return EVERY;
        } catch (IOException | DatabaseAwayException unknown) {
            LOG.warnf("the webhook secret is asked for again in a minute: %s", unknown.getMessage());
        } catch (RuntimeException failure) {
            LOG.error("asking for the webhook secret failed and is tried again", failure);
        }
        return AGAIN;
    }
}
