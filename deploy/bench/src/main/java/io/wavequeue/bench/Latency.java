package io.wavequeue.bench;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long each prediction runs.
 *
 * @param text {@code instant}, or a whole number with {@code ms} or {@code s}
 */
record Latency(String text, Duration runTime) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,6})(ms|s)");

    /** @throws IllegalArgumentException when it is neither */
    static Latency parse(String text) {
        if (text.equals("instant")) {
            return new Latency(text, Duration.ZERO);
        }
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not instant, or a time such as 50ms or 2s");
        }
        long number = Long.parseLong(matcher.group(1));
        return new Latency(
                text, matcher.group(2).equals("ms") ? Duration.ofMillis(number) : Duration.ofSeconds(number));
    }

    /** As the simulator's setting takes it. */
    String setting() {
        return runTime.isZero() ? "instant" : "fixed:" + runTime.toMillis();
    }
}
