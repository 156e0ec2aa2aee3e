package io.wavequeue.cli.watch;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** How many jobs ended per time lately, by what was seen. */
public final class Rate {

    private static final Duration LATELY = Duration.ofSeconds(30);
    private static final long SHORTEST_MILLIS = 1_000;
    private static final int PER_SECOND_FROM = 60;

    private final Deque<Seen> seen = new ArrayDeque<>();

    private record Seen(Instant at, long ended) {}

    /** So many had ended then. */
    public void saw(Instant at, long ended) {
        seen.addLast(new Seen(at, ended));
        while (seen.size() > 2 && seen.getFirst().at().isBefore(at.minus(LATELY))) {
            seen.removeFirst();
        }
    }

    /** {@code 12.3/s}, or {@code 7/min} where it is slow; empty when nothing ended yet. */
    public String text() {
        if (seen.isEmpty()) {
            return "";
        }
        Seen first = seen.getFirst();
        Seen last = seen.getLast();
        long millis = Duration.between(first.at(), last.at()).toMillis();
        long ended = last.ended() - first.ended();
        if (millis < SHORTEST_MILLIS || ended <= 0) {
            return "";
        }
        BigDecimal perMinute =
                BigDecimal.valueOf(ended * 60_000).divide(BigDecimal.valueOf(millis), 1, RoundingMode.HALF_UP);
        return perMinute.intValue() < PER_SECOND_FROM
                ? perMinute.setScale(0, RoundingMode.HALF_UP) + "/min"
                : perMinute.divide(BigDecimal.valueOf(60), 1, RoundingMode.HALF_UP) + "/s";
    }
}
