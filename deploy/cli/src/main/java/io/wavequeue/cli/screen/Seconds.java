package io.wavequeue.cli.screen;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations as seconds. */
public final class Seconds {

    /** Fewer are not said in the next larger unit. */
    private static final int MINUTES_FROM = 100;

    private Seconds() {}

    /** Milliseconds as seconds with two places, for a column; {@code -} when not known. */
    public static String column(@Nullable Long millis) {
        return millis == null
                ? "-"
                : BigDecimal.valueOf(millis, 3)
                        .setScale(2, RoundingMode.HALF_UP)
                        .toPlainString();
    }

    /** {@code 12.4 s}. */
    public static String of(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis(), 3)
                        .setScale(1, RoundingMode.HALF_UP)
                        .toPlainString() + " s";
    }

    /** As people say it: {@code 40 s}, {@code 3 min}, {@code 2 h 5 min}. */
    public static String about(long seconds) {
        if (seconds < MINUTES_FROM) {
            return seconds + " s";
        }
        long minutes = Math.round(seconds / 60.0);
        return minutes < MINUTES_FROM ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
    }
}
