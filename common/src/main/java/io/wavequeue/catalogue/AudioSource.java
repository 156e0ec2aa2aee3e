package io.wavequeue.catalogue;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two forms of a source clip: an address that the provider fetches, or a file that was given to us before. */
public final class AudioSource {
    /** The name of the format in a model's schema. */
    public static final String FORMAT = "audio-source";

    static final String ALLOWED = "an http or https URL, or media:sha256: and 64 lower-case hex digits";

    private static final String MEDIA_PREFIX = "media:";
    private static final Pattern MEDIA = Pattern.compile("media:sha256:([0-9a-f]{64})");
    private static final Pattern AUTHORITY =
            Pattern.compile("(?:[^@]*@)?(?:\\[[0-9a-fA-F:.]+]|[^:@\\[\\]]+)(?::(\\d{1,5}))?");
    private static final int HIGHEST_PORT = 65_535;

    private AudioSource() {}

    /** What is wrong with the reference, as the predicate of a sentence; empty when it may be used. */
    public static Optional<String> problem(String value) {
        if (mediaSha256(value).isPresent()) {
            return Optional.empty();
        }
        if (value.startsWith(MEDIA_PREFIX)) {
            return Optional.of("is not a media reference; it must be media:sha256: and 64 lower-case hex digits");
        }
        return urlProblem(value).map(reason -> reason + "; allowed: " + ALLOWED);
    }

    /** The SHA-256 of the file, in lower-case hex, when the reference is one to a file that was given to us. */
    public static Optional<String> mediaSha256(String value) {
        Matcher media = MEDIA.matcher(value);
        return media.matches() ? Optional.of(media.group(1)) : Optional.empty();
    }

    private static Optional<String> urlProblem(String value) {
        URI url;
        try {
            url = new URI(value);
        } catch (URISyntaxException e) {
            return Optional.of(
                    "is not a URL (%s at position %d)".formatted(e.getReason(), Math.max(e.getIndex(), 0) + 1));
        }
        String scheme = url.getScheme();
        if (scheme == null || !(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))) {
            return Optional.of("is not an http or https URL");
        }
        String authority = url.getRawAuthority();
        Matcher host = AUTHORITY.matcher(authority == null ? "" : authority);
        if (!host.matches()) {
            return Optional.of("is a URL without a usable host");
        }
        String port = host.group(1);
        return port != null && Integer.parseInt(port) > HIGHEST_PORT
                ? Optional.of("is a URL with the impossible port " + port)
                : Optional.empty();
    }
}
