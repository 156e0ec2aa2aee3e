package io.wavequeue.letters;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times that strangers wrote. */
final class LetterTimes {
    private static final Instant EARLIEST = Instant.parse("2020-01-01T00:00:00Z");
    private static final Duration CLOCKS = Duration.ofDays(1);

    private LetterTimes() {}

    /** Null when it is none, or none at which a job can have been anything. */
    static @Nullable Instant read(JsonNode text, Instant now) {
        try {
            Instant told = Instant.parse(text.asText(""));
            return isPlausible(told, now) ? told : null;
        } catch (DateTimeException unreadable) {
            return null;
        }
    }

    /** False for what cannot be read as a time. */
    static boolean isTimeOrNone(JsonNode told) {
        if (told.isMissingNode() || told.isNull()) {
            return true;
        }
        try {
            Instant.parse(told.asText(""));
            return true;
        } catch (DateTimeException unreadable) {
            return false;
        }
    }

    static boolean isPlausible(Instant told, Instant now) {
        return !told.isBefore(EARLIEST) && !told.isAfter(now.plus(CLOCKS));
    }
}
