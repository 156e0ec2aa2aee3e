package io.wavequeue.cli.screen;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations as seconds. */
public final class Seconds {

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
}
