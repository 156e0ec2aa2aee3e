package io.wavequeue.local;

import java.net.URI;
import java.util.Locale;
import java.util.Map;

/** Whom the workers submit to: decided here alone, since one of the three costs money. */
sealed interface Provider {
    String REAL_URL = "https://api.wavespeed.ai";
    String KEY = "WAVESPEED_API_KEY";
    String BASE_URL = "WAVESPEED_BASE_URL";
    String PLACEHOLDER_KEY = "wavequeue-placeholder";

    /** Our simulator, started with the stack; nothing is paid. */
    record Simulated() implements Provider {}

    /** WaveSpeed itself: every accepted submit is charged. */
    record Real(String key) implements Provider {
        @Override
        public String toString() {
            return "Real[key=hidden]";
        }
    }

    /** Another server that speaks the same API. */
    record Other(URI baseUrl, String key) implements Provider {
        @Override
        public String toString() {
            return "Other[" + baseUrl + ", key=hidden]";
        }
    }

    /** Of {@code up}: a key alone means the real provider, a base URL names another, neither means the simulator. */
    static Provider forUp(Map<String, String> environment) throws CannotStartException {
        var key = value(environment, KEY);
        var url = value(environment, BASE_URL);
        if (url.isEmpty()) {
            return key.isEmpty() ? new Simulated() : new Real(key);
        }
        var baseUrl = baseUrl(url);
        if (key.isEmpty()) {
            return new Other(baseUrl, PLACEHOLDER_KEY);
        }
        return isReal(baseUrl) ? new Real(key) : new Other(baseUrl, key);
    }

    /** Of {@code demo}, which never pays: the key is dropped, and a base URL may not name the real provider. */
    static Provider forDemo(Map<String, String> environment) throws CannotStartException {
        var url = value(environment, BASE_URL);
        if (url.isEmpty()) {
            return new Simulated();
        }
        var baseUrl = baseUrl(url);
        if (isReal(baseUrl)) {
            throw new CannotStartException(
                    BASE_URL + " names the real provider, and demo never pays: unset it, or use demo --real.");
        }
        return new Other(baseUrl, PLACEHOLDER_KEY);
    }

    /** Of {@code demo --real}, the only way for the demo to pay. */
    static Provider forRealDemo(Map<String, String> environment) throws CannotStartException {
        if (value(environment, KEY).isEmpty()) {
            throw new CannotStartException("demo --real pays at WaveSpeed and needs " + KEY + ", which is not set.");
        }
        return forUp(environment);
    }

    private static URI baseUrl(String url) throws CannotStartException {
        URI parsed;
        try {
            parsed = URI.create(url.replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw notAUrl(url);
        }
        var scheme = parsed.getScheme();
        if (parsed.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw notAUrl(url);
        }
        if (parsed.getPath().endsWith("/api/v3")) {
            throw new CannotStartException(BASE_URL + " is the host's root, without /api/v3: " + url);
        }
        return parsed;
    }

    private static CannotStartException notAUrl(String url) {
        return new CannotStartException(BASE_URL + " is not an http or https address: " + url);
    }

    private static boolean isReal(URI baseUrl) {
        var host = baseUrl.getHost().toLowerCase(Locale.ROOT).replaceAll("\\.$", "");
        return host.equals("wavespeed.ai") || host.endsWith(".wavespeed.ai");
    }

    private static String value(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, "").strip();
    }
}
