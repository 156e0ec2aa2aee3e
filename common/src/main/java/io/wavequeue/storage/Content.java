package io.wavequeue.storage;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a file holds.
 *
 * @param sha256 lower-case hexadecimal
 * @param type its media type; null = not known
 */
public record Content(long bytes, String sha256, @Nullable String type) {
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    public Content {
        if (bytes < 0) {
            throw new IllegalArgumentException("a file has no " + bytes + " bytes");
        }
        if (!SHA_256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("\"" + sha256 + "\" is no SHA-256");
        }
    }
}
