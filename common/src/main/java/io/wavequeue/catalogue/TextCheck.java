package io.wavequeue.catalogue;

import java.util.Optional;

/**
 * The rule for every text that is stored or sent: no NUL or other control characters but line breaks and tabs, and no
 * half of a surrogate pair (neither can PostgreSQL store it, nor is it text in UTF-8).
 */
public final class TextCheck {
    private TextCheck() {}

    /** What is wrong with the text, as the predicate of a sentence; empty when nothing is. */
    public static Optional<String> problem(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t') {
                return Optional.of(
                        "contains the control character U+%04X at position %d; of these only line breaks and tabs are allowed"
                                .formatted((int) c, i + 1));
            }
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return Optional.of("contains half of a surrogate pair (U+%04X) at position %d, which is not text"
                        .formatted((int) c, i + 1));
            }
        }
        return Optional.empty();
    }

    /**
     * What is wrong with a text that stands in one line of a table, as the predicate of a sentence.
     *
     * @param longest in code points
     */
    public static Optional<String> lineProblem(String value, int longest) {
        int length = value.codePointCount(0, value.length());
        if (length == 0) {
            return Optional.of("is empty");
        }
        if (length > longest) {
            return Optional.of("is %,d characters long; at most %d are allowed".formatted(length, longest));
        }
        if (value.chars().anyMatch(c -> c == '\n' || c == '\r' || c == '\t')) {
            return Optional.of("contains a line break or a tab");
        }
        return problem(value);
    }

    /** Whether a reader would see nothing: only white space (no-break spaces too) and characters without a shape. */
    public static boolean isBlank(String value) {
        return value.codePoints()
                .allMatch(c -> Character.isWhitespace(c)
                        || Character.isSpaceChar(c)
                        || Character.getType(c) == Character.FORMAT);
    }
}
