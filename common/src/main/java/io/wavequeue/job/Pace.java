package io.wavequeue.job;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How fast the account submits after a 429: half as fast as before, then evenly faster, until the limit is reached again.
 *
 * <p>Three values and a pure function of the time: no job raises the pace, so none can die over it. Decreases are
 * multiplicative and increases additive, by which several users of one account come to share it fairly.
 *
 * @param perMinute submits per minute right after the last decrease, at least 1
 * @param full what it rises to where the account has no limit, at least 1: the submits of the minute before it was first slowed
 * @param since when it began to rise, by the database's clock: the end of the wait that the provider asked for. Names the
 *     decrease too
 */
public record Pace(int perMinute, int full, Instant since) {
    /** From a half to the whole. */
    static final Duration HALF_TO_FULL = Duration.ofMinutes(2);

    private static final double MINUTE_S = 60;
    private static final int WORTH_COUNTING = 10;
    private static final int LEAST_WINDOW_S = 5;

    public Pace {
        if (perMinute < 1 || full < 1) {
            throw new IllegalArgumentException("a pace of " + perMinute + " per minute up to " + full + " is below 1");
        }
    }

    /**
     * After a 429: half of the pace it was at.
     *
     * @param before null = never slowed
     * @param limit submits per minute; null = none, so that the last minute tells the pace
     * @param lastMinute submits of the last minute
     * @param until end of the wait that the provider asked for
     */
    public static Pace halved(
            @Nullable Pace before, @Nullable Integer limit, int lastMinute, Instant now, Instant until) {
        if (before != null && before.isSlow(limit, now)) {
            return new Pace(half(before.at(limit, now)), before.whole(limit), until);
        }
        int full = limit == null ? Math.max(1, lastMinute) : limit;
        return new Pace(half(full), full, until);
    }

    private static int half(double rate) {
        return Math.max(1, (int) (rate / 2));
    }

    /** Submits per minute at that moment; never above the limit. */
    public double at(@Nullable Integer limit, Instant now) {
        return Math.min(whole(limit), risen(limit, now));
    }

    /** When the limit is reached again. */
    public Instant fullAgainAt(@Nullable Integer limit) {
        int whole = whole(limit);
        return since.plusMillis((long) Math.ceil(Math.max(0, whole - perMinute) / rise(whole) * 1_000));
    }

    public boolean isSlow(@Nullable Integer limit, Instant now) {
        return now.isBefore(fullAgainAt(limit));
    }

    /** Over how long submits are counted to keep the pace: so long that rounding down to whole submits matters little. */
    public Duration window() {
        return Duration.ofSeconds(
                (long) Math.clamp(Math.ceil(MINUTE_S * WORTH_COUNTING / perMinute), LEAST_WINDOW_S, MINUTE_S));
    }

    /**
     * How many submits a window may hold at that moment; so it is also the most that go at once. Stays in force until it
     * lets through twice the limit: by then the minute has filled evenly, and nothing jumps when it ends.
     */
    public int share(@Nullable Integer limit, Instant now) {
        double rate = risen(limit, now);
        return rate >= 2.0 * whole(limit)
                ? Integer.MAX_VALUE
                : (int) Math.max(1, rate * window().toSeconds() / MINUTE_S);
    }

    private double risen(@Nullable Integer limit, Instant now) {
        return perMinute + rise(whole(limit)) * Math.max(0, seconds(Duration.between(since, now)));
    }

    private int whole(@Nullable Integer limit) {
        return limit == null ? full : limit;
    }

    /** Per second, in submits per minute. */
    private static double rise(int whole) {
        return whole / 2.0 / seconds(HALF_TO_FULL);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
