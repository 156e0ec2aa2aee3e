package io.wavequeue.cli.manifest;

/**
 * Something wrong, and where.
 *
 * @param file as the caller named it, or the option
 * @param line from 1; 0 = none in particular
 * @param field column, input or key; empty = the line as a whole
 * @param message value and reason
 */
public record Fault(String file, long line, String field, String message) {

    /** {@code FILE:LINE: field: message}. */
    @Override
    public String toString() {
        return file + (line == 0 ? "" : ":" + line) + ": " + (field.isEmpty() ? "" : field + ": ") + message;
    }
}
