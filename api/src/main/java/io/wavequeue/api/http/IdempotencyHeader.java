package io.wavequeue.api.http;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the header {@code Idempotency-Key}. */
public final class IdempotencyHeader {
    public static final String NAME = "Idempotency-Key";

    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private IdempotencyHeader() {}

    public static Optional<String> of(HttpHeaders headers) {
        List<String> given = headers.getRequestHeader(NAME);
        if (given == null || given.isEmpty()) {
            return Optional.empty();
        }
        if (given.size() > 1 || !FORM.matcher(given.getFirst()).matches()) {
            throw new ProblemException(
                    ProblemKind.BAD_HEADER, NAME + " must be given once and have 1 to 255 visible ASCII characters");
        }
        return Optional.of(given.getFirst());
    }
}
