package io.wavequeue.catalogue;

import static java.util.Objects.requireNonNull;

/**
 * One fault of an input, in words for the person who wrote it.
 *
 * @param field the field's name, or its path for a nested value ({@code "cues[2].name"}); {@code "input"} when the input
 *     as a whole is meant. Short and printable, whatever name was given
 * @param message what is wrong and what is allowed, without the field's name in front
 */
public record FieldError(String field, String message) {
    public FieldError {
        requireNonNull(field, "field");
        if (message.isBlank()) {
            throw new IllegalArgumentException("a field error of \"" + field + "\" must say what is wrong");
        }
    }

    /** The error as one line, such as {@code extend_seconds_after: 400 is above the maximum of 380}. */
    public String text() {
        return field + ": " + message;
    }
}
