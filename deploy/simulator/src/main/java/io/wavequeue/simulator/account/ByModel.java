package io.wavequeue.simulator.account;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/** A number for all models and exceptions for some, written {@code 1,MODEL=1.5}. */
public record ByModel(BigDecimal general, Map<String, BigDecimal> exceptions) {

    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000);
    private static final int PLACES = 12;

    static ByModel parse(String text) {
        BigDecimal general = BigDecimal.ONE;
        Map<String, BigDecimal> exceptions = new HashMap<>();
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                general = number(part);
            } else {
                exceptions.put(part.substring(0, equals).strip(), number(part.substring(equals + 1)));
            }
        }
        return new ByModel(general, Map.copyOf(exceptions));
    }

    private static BigDecimal number(String text) {
        try {
            BigDecimal number = new BigDecimal(text.strip());
            if (number.signum() >= 0 && number.compareTo(MOST) <= 0 && number.scale() <= PLACES) {
                return number;
            }
        } catch (NumberFormatException e) {
            // the sentence below says what is expected
        }
        throw new IllegalArgumentException("a number from 0 to 1000000, then exceptions such as ,MODEL=1.5");
    }

    public BigDecimal of(String model) {
        return exceptions.getOrDefault(model, general);
    }
}
