package io.wavequeue.cli.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where an HTTP service of ours listens, such as {@code http://127.0.0.1:8080}; a path prefix is allowed, so that it may
 * sit behind a proxy.
 */
public record ApiAddress(String base) {

    /** Where {@code ./wavequeue up} listens when nobody says otherwise. */
    public static final ApiAddress LOCAL = new ApiAddress("http://127.0.0.1:8080");

    public ApiAddress {
        String typed = base;
        base = withoutTrailingSlashes(base.strip());
        URI uri = parse(base, typed);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean http = scheme.equals("http") || scheme.equals("https");
        if (!http || uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(notAnAddress(typed));
        }
    }

    /** The address of one call; {@code pathAndQuery} starts with a slash and is encoded already. */
    URI resolve(String pathAndQuery) {
        return URI.create(base + pathAndQuery);
    }

    @Override
    public String toString() {
        return base;
    }

    private static URI parse(String text, String typed) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(notAnAddress(typed), e);
        }
    }

    private static String notAnAddress(String text) {
        return "'" + text + "' is no address of an API; write it like http://127.0.0.1:8080";
    }

    private static String withoutTrailingSlashes(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        return text.substring(0, end);
    }
}
