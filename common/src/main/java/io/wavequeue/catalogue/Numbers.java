package io.wavequeue.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Numbers of bounded size. A body may hold {@code 1e1000000000}, which is short to write and a gigabyte once expanded:
 * so size is judged by what costs nothing to read, before anything calculates with the number or prints it.
 */
final class Numbers {
    private static final int MOST_DIGITS = 40;
    private static final int MOST_BITS = 133;

    private Numbers() {}

    static Optional<String> problem(JsonNode number) {
        return usable(number)
                ? Optional.empty()
                : Optional.of("is too large or too exact a number; at most " + MOST_DIGITS
                        + " digits before and after the point are allowed");
    }

    private static boolean usable(JsonNode number) {
        if (number.isDouble() || number.isFloat()) {
            return Double.isFinite(number.doubleValue()) && fits(number.decimalValue());
        }
        if (number.isBigInteger()) {
            return number.bigIntegerValue().bitLength() <= MOST_BITS;
        }
        return !number.isBigDecimal() || fits(number.decimalValue());
    }

    private static boolean fits(BigDecimal value) {
        return value.scale() <= MOST_DIGITS && value.scale() >= -MOST_DIGITS && fewDigits(value);
    }

    static boolean fewDigits(BigDecimal value) {
        return value.unscaledValue().bitLength() <= MOST_BITS;
    }

    /** A usable number in its one form: an integer where it is whole, else a decimal without zeros at its end. */
    static JsonNode canonical(JsonNode usable) {
        if (usable.isInt()) {
            return usable;
        }
        BigDecimal value = usable.decimalValue().stripTrailingZeros();
        if (value.scale() > 0) {
            return DecimalNode.valueOf(value);
        }
        BigInteger whole = value.toBigInteger();
        if (whole.bitLength() < Integer.SIZE) {
            return IntNode.valueOf(whole.intValue());
        }
        return whole.bitLength() < Long.SIZE ? LongNode.valueOf(whole.longValue()) : BigIntegerNode.valueOf(whole);
    }
}
