package io.wavequeue.admission;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Stops at the first token that nests too deep, or is too long a name or too large a number, before anything is made of it. */
final class BoundedParser extends JsonParserDelegate {
    private static final int LONGEST_NAME = 1_000;
    private static final int LONGEST_NUMBER = 100;
    private static final int LARGEST_EXPONENT = 300;
    private static final int EXPONENT_DIGITS = 3;

    private final int deepest;
    private int depth;

    /** @param deepest how many objects and lists may be open at once */
    BoundedParser(JsonParser parser, int deepest) {
        super(parser);
        this.deepest = deepest;
    }

    /** A bound was exceeded; the location is the token's. */
    static final class BoundExceeded extends JsonParseException {
        private static final long serialVersionUID = 1L;

        BoundExceeded(JsonParser parser, String reason) {
            super(parser, reason, parser.currentTokenLocation());
        }
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
        JsonToken token = super.nextToken();
        if (token != null) {
            check(token);
        }
        return token;
    }

    private void check(JsonToken token) throws IOException {
        if (token.isStructStart() && ++depth > deepest) {
            throw new BoundExceeded(delegate, "nested more than " + StrictJson.DEEPEST + " levels deep");
        }
        if (token.isStructEnd()) {
            depth--;
        }
        if (token == JsonToken.FIELD_NAME) {
            checkName();
        }
        if (token.isNumeric()) {
            checkNumber();
        }
    }

    private void checkName() throws IOException {
        int length = delegate.currentName().length();
        if (length > LONGEST_NAME) {
            throw new BoundExceeded(
                    delegate, "a name of %,d characters; at most %,d are allowed".formatted(length, LONGEST_NAME));
        }
    }

    private void checkNumber() throws IOException {
        if (delegate.getTextLength() > LONGEST_NUMBER) {
            throw new BoundExceeded(
                    delegate,
                    "a number of %d characters; at most %d are allowed"
                            .formatted(delegate.getTextLength(), LONGEST_NUMBER));
        }
        String number = delegate.getText();
        int e = Math.max(number.indexOf('e'), number.indexOf('E'));
        if (e >= 0 && exponentIsTooLarge(number.substring(e + 1))) {
            throw new BoundExceeded(
                    delegate,
                    "the number " + number + " is too large or too small; exponents up to " + LARGEST_EXPONENT
                            + " are allowed");
        }
    }

    private static boolean exponentIsTooLarge(String exponent) {
        String digits = exponent.replaceFirst("^[+-]?0*", "");
        return digits.length() > EXPONENT_DIGITS || (!digits.isEmpty() && Integer.parseInt(digits) > LARGEST_EXPONENT);
    }
}
