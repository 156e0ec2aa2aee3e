package io.wavequeue.worker.provider;

import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The provider's clock, as the {@code Date} headers of its answers tell it: right to about a second. */
final class ProviderClock {
    private final Stopwatch stopwatch;
    private @Nullable Reading last;

    /** @param text as it came; parsing it anew for each answer of a second would be a tenth of a poll's work */
    private record Reading(String text, Instant date, Stamp asked, Stamp heard) {}

    ProviderClock(Stopwatch stopwatch) {
        this.stopwatch = stopwatch;
    }

    /** @param asked before the request was sent: the date was written at some time since then */
    synchronized void saw(@Nullable String date, Stamp asked) {
        if (date == null || last != null && isOlder(asked, last.asked())) {
            return;
        }
        try {
            Instant told = last != null && date.equals(last.text())
                    ? last.date()
                    : ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant();
            last = new Reading(date, told, asked, stopwatch.stamp());
        } catch (DateTimeException unreadable) {
            // a proxy's own idea of a date says nothing
        }
    }

    /** Empty when nothing that was asked since then told it: what a stopwatch measures is an age, not the time of day. */
    synchronized Optional<Instant> toldSince(Stamp since) {
        Reading reading = last;
        return reading == null || isOlder(reading.asked(), since)
                ? Optional.empty()
                : Optional.of(reading.date().plus(stopwatch.since(reading.heard())));
    }

    private boolean isOlder(Stamp stamp, Stamp other) {
        return stopwatch.since(stamp).compareTo(stopwatch.since(other)) > 0;
    }
}
