package io.wavequeue.wiring;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Where the provider tells us what became of submits: nowhere, unless the installation has a public address. */
@ApplicationScoped
public class Webhooks {
    /** Below the public address; the submit's token follows. */
    public static final String PATH = "/v1/webhooks/wavespeed/";

    private static final Logger LOG = Logger.getLogger(Webhooks.class);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final @Nullable URI url;
    private final List<String> secrets;

    public Webhooks(WavequeueConfig config) {
        this.url = config.webhook().url().map(Webhooks::checked).orElse(null);
        this.secrets = config.webhook().secret().orElse(List.of()).stream()
                .map(String::strip)
                .filter(secret -> !secret.isEmpty())
                .toList();
    }

    /** A wrong address ends the start, and not the first submit. */
    void onStart(@Observes @Priority(AccountSeed.FIRST) StartupEvent start) {
        if (url != null) {
            LOG.infof("submits name a webhook below %s", url);
        }
    }

    private static URI checked(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        boolean isPlain = url.getHost() != null
                && url.getRawQuery() == null
                && url.getRawFragment() == null
                && url.getRawUserInfo() == null;
        if (!isPlain || !(scheme.equals("https") || (scheme.equals("http") && isLoopback(url)))) {
            throw new IllegalArgumentException("WAVEQUEUE_WEBHOOK_URL is \"" + url
                    + "\"; it must be the public address of the API, https://host[:port][/path] (http on loopback only),"
                    + " without user, query and fragment");
        }
        return url;
    }

    private static boolean isLoopback(URI url) {
        return LOOPBACK.contains(url.getHost().toLowerCase(Locale.ROOT));
    }

    /** Whether submits are to name one. */
    public boolean areOn() {
        return url != null;
    }

    /** Whether something outside this machine passes calls on to the API. */
    public boolean arePublic() {
        return url != null && !isLoopback(url);
    }

    /** The configured secrets; none where a worker asks the provider. */
    public List<String> secrets() {
        return secrets;
    }

    /** What a submit with this token names; null when webhooks are off. */
    public @Nullable String address(@Nullable UUID token) {
        return url == null || token == null ? null : url.toString().replaceFirst("/+$", "") + PATH + token;
    }
}
