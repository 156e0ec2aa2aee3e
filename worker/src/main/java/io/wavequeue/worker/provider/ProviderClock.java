package io.wavequeue.worker.provider;

import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The provider's clock, as the {@code Date} headers of its answers tell it: right to about a second. */
final class ProviderClock {
    private final Stopwatch stopwatch;
    private volatile @Nullable Reading last;

    private record Reading(Instant date, Stamp at) {}

    ProviderClock(Stopwatch stopwatch) {
        this.stopwatch = stopwatch;
    }

    void saw(@Nullable String date) {
        if (date == null) {
            return;
        }
        try {
            Instant told = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            last = new Reading(told, stopwatch.stamp());
        } catch (DateTimeException unreadable) {
            // a proxy's own idea of a date says nothing
        }
    }

    /** Null before the first answer that carried a date. */
    @Nullable
    Instant now() {
        Reading reading = last;
        return reading == null ? null : reading.date().plus(stopwatch.since(reading.at()));
    }
}
