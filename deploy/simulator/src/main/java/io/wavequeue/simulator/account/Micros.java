package io.wavequeue.simulator.account;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times as microseconds since 1970, which keeps a prediction small. */
public final class Micros {
    public static final long SECOND = 1_000_000;
    public static final long MILLISECOND = 1_000;
    public static final long DAY = 24 * 3_600 * SECOND;

    private Micros() {}

    public static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    public static Instant toInstant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
