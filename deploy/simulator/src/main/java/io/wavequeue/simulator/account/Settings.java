package io.wavequeue.simulator.account;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What can be changed while the simulator runs. Every setting has one name, which is the option on the command line
 * (with dashes) and the field of {@code PATCH /admin/config}.
 *
 * @param key the only key that is let in; empty lets every key in
 */
public record Settings(String key, Limits limits, LatencyProfile latency, Money money, History history) {

    /**
     * The account's level.
     *
     * @param submitsPerMinute in any 60 seconds; 0 for no limit
     * @param maxInFlight predictions that run at once; 0 for no limit
     * @param retryAfter whether a 429 says when to come back
     */
    public record Limits(int submitsPerMinute, int maxInFlight, boolean retryAfter) {}

    /**
     * What things cost and what happens without money.
     *
     * @param balanceUsd what the account starts with
     * @param insufficient how a submit without cover is refused: {@code 402}, {@code 1407} (HTTP 400) or {@code 403}
     * @param aceStepByOutput whether ACE-Step charges the source's seconds too
     */
    public record Money(BigDecimal balanceUsd, String insufficient, boolean aceStepByOutput, Duration refundDelay) {}

    /** Whether history items carry their input, whether pages carry a total, and how late a new one shows up. */
    public record History(boolean input, boolean total, Duration lag) {}

    public static final List<String> NAMES = List.of(
            "key",
            "latency",
            "submits_per_minute",
            "max_in_flight",
            "retry_after",
            "balance",
            "insufficient_balance",
            "ace_step_basis",
            "refund_delay",
            "history_input",
            "history_total",
            "history_lag");

    /** Instant answers, no limits, 1,000 USD, refunds after an hour. */
    public static Settings defaults() {
        return new Settings(
                "",
                new Limits(0, 0, true),
                LatencyProfile.parse("instant"),
                new Money(usd("1000"), "402", false, Duration.ofHours(1)),
                new History(true, true, Duration.ZERO));
    }

    /**
     * The same with one setting changed.
     *
     * @throws IllegalArgumentException with a sentence that names the setting and what it takes
     */
    public Settings with(String name, String value) {
        return switch (name) {
            case "key" -> new Settings(value, limits, latency, money, history);
            case "latency" -> new Settings(key, limits, LatencyProfile.parse(value), money, history);
            case "submits_per_minute", "max_in_flight", "retry_after" ->
                new Settings(key, limit(name, value), latency, money, history);
            case "balance", "insufficient_balance", "ace_step_basis", "refund_delay" ->
                new Settings(key, limits, latency, money(name, value), history);
            case "history_input", "history_total", "history_lag" ->
                new Settings(key, limits, latency, money, history(name, value));
            default -> throw new IllegalArgumentException("there is no setting \"" + name + "\"");
        };
    }

    private Limits limit(String name, String value) {
        return switch (name) {
            case "submits_per_minute" -> new Limits(count(name, value), limits.maxInFlight, limits.retryAfter);
            case "max_in_flight" -> new Limits(limits.submitsPerMinute, count(name, value), limits.retryAfter);
            default -> new Limits(limits.submitsPerMinute, limits.maxInFlight, yes(name, value));
        };
    }

    private Money money(String name, String value) {
        return switch (name) {
            case "balance" -> new Money(usd(value), money.insufficient, money.aceStepByOutput, money.refundDelay);
            case "insufficient_balance" ->
                new Money(
                        money.balanceUsd,
                        oneOf(name, value, List.of("402", "1407", "403")),
                        money.aceStepByOutput,
                        money.refundDelay);
            case "ace_step_basis" ->
                new Money(
                        money.balanceUsd,
                        money.insufficient,
                        oneOf(name, value, List.of("extension", "output")).equals("output"),
                        money.refundDelay);
            default -> new Money(money.balanceUsd, money.insufficient, money.aceStepByOutput, time(name, value));
        };
    }

    private History history(String name, String value) {
        return switch (name) {
            case "history_input" -> new History(yes(name, value), history.total, history.lag);
            case "history_total" -> new History(history.input, yes(name, value), history.lag);
            default -> new History(history.input, history.total, time(name, value));
        };
    }

    private static int count(String name, String value) {
        try {
            int count = Integer.parseInt(value);
            if (count >= 0) {
                return count;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw new IllegalArgumentException(name + " must be a whole number from 0 (no limit), not \"" + value + "\"");
    }

    private static boolean yes(String name, String value) {
        return oneOf(name, value, List.of("true", "false")).equals("true");
    }

    private static String oneOf(String name, String value, List<String> choices) {
        if (!choices.contains(value)) {
            throw new IllegalArgumentException(
                    name + " must be one of " + String.join(", ", choices) + ", not \"" + value + "\"");
        }
        return value;
    }

    private static BigDecimal usd(String value) {
        try {
            return new BigDecimal(value).setScale(6, RoundingMode.UNNECESSARY);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("balance must be USD with at most 6 decimals, not \"" + value + "\"", e);
        }
    }

    /** Reads {@code 0}, {@code 500ms}, {@code 30s}, {@code 5m} or {@code 1h}. */
    private static Duration time(String name, String value) {
        String text = value.toLowerCase(Locale.ROOT);
        try {
            Duration time = text.equals("0")
                    ? Duration.ZERO
                    : text.endsWith("ms")
                            ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                            : Duration.parse("PT" + text);
            if (!time.isNegative()) {
                return time;
            }
        } catch (IllegalArgumentException | java.time.format.DateTimeParseException e) {
            // answered below
        }
        throw new IllegalArgumentException(name + " must be a time such as 500ms, 30s or 1h, not \"" + value + "\"");
    }
}
