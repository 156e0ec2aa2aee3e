package io.wavequeue.worker.retention;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long something is kept: a number of days, or for ever.
 *
 * @param duration null = for ever
 */
record Keep(@Nullable Duration duration) {
    static final Keep FOREVER = new Keep(null);

    private static final Pattern DAYS = Pattern.compile("([1-9][0-9]{0,4})[dD]");

    /** Called by the configuration. */
    static Keep of(String text) {
        if (text.equalsIgnoreCase("forever")) {
            return FOREVER;
        }
        Matcher days = DAYS.matcher(text);
        if (!days.matches()) {
            throw new IllegalArgumentException(
                    "\"%s\"; it is a number of days, such as 90d, or forever".formatted(text));
        }
        return new Keep(Duration.ofDays(Long.parseLong(days.group(1))));
    }

    static Keep ofDays(int days) {
        return new Keep(Duration.ofDays(days));
    }

    boolean isShorterThan(Keep other) {
        return duration != null && (other.duration == null || duration.compareTo(other.duration) < 0);
    }

    Keep orLonger(Keep other) {
        return isShorterThan(other) ? other : this;
    }

    @Override
    public String toString() {
        return duration == null ? "forever" : duration.toDays() + "d";
    }
}
