package io.wavequeue.api.http;

import java.util.List;
import java.util.regex.Pattern;

/** Which methods each path has, for the header Allow of a 405, which the HTTP layer leaves out. */
final class Methods {
    private static final String BULK = "/v1/(replays|resolutions|cancellations|holds|releases)";

    private static final List<Methods> PATHS = List.of(
            new Methods("/v1/jobs", "GET, HEAD, POST"),
            new Methods("/v1/batches", "GET, HEAD, POST"),
            new Methods("/v1/batches/[^/]+", "GET, HEAD, PATCH"),
            new Methods("/v1/batches/[^/]+/(pause|resume|cancel)", "POST"),
            new Methods("/v1/jobs/[^/]+/(cancel|resolve|replay)", "POST"),
            new Methods(BULK, "GET, HEAD, POST"),
            new Methods(BULK + "/[^/]+/(pause|resume|abort)", "POST"),
            new Methods("/v1/costs/differences/[^/]+/accept", "POST"),
            new Methods("/v1/media", "POST"),
            new Methods("/v1/webhooks/wavespeed/[^/]+", "POST"),
            new Methods("/v1/account", "GET, HEAD, PATCH"),
            new Methods("/v1/account/(pause|resume)", "POST"));
    private static final String READ_ONLY = "GET, HEAD";

    private final Pattern path;
    private final String allowed;

    private Methods(String path, String allowed) {
        this.path = Pattern.compile(path + "/?");
        this.allowed = allowed;
    }

    static String allowed(String path) {
        return PATHS.stream()
                .filter(known -> known.path.matcher(path).matches())
                .map(known -> known.allowed)
                .findFirst()
                .orElse(READ_ONLY);
    }
}
