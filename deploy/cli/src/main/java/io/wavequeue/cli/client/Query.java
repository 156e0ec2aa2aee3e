package io.wavequeue.cli.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The parameters of a call, in the order in which they were added. */
public final class Query {

    private final StringBuilder text = new StringBuilder();

    /** Adds a parameter; null adds none. */
    public Query add(String name, @Nullable Object value) {
        if (value != null) {
            text.append(text.isEmpty() ? '?' : '&').append(name).append('=').append(encoded(value.toString()));
        }
        return this;
    }

    /** Empty, or a question mark and the parameters. */
    @Override
    public String toString() {
        return text.toString();
    }

    static String encoded(String text) {
        // URLEncoder writes a form's '+', which is a plain plus sign in a path
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
