package io.wavequeue.job;

import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Makes job ids: UUIDs of version 7 (RFC 9562), so that their order is the order of their making. */
public final class JobIds {
    private static final int COUNTER_BITS = 12;
    private static final long COUNTER = (1L << COUNTER_BITS) - 1;

    private final InstantSource clock;
    private final RandomGenerator random;

    /** Milliseconds and, below them, a counter: of the id that was made last. */
    private final AtomicLong last = new AtomicLong();

    public JobIds(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /**
     * A new id, higher than all that were made here before, also when the clock was set back. More than 4,096 in a
     * millisecond take from those to come.
     */
    public UUID next() {
        long stamp = last.accumulateAndGet(clock.millis() << COUNTER_BITS, (made, now) -> Math.max(made + 1, now));
        long high = ((stamp >>> COUNTER_BITS) << 16) | 0x7000L | (stamp & COUNTER);
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
