package io.wavequeue.job;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How a batch came on lately, and so when it will have ended.
 *
 * @param ended jobs that succeeded or failed lately
 * @param seconds over which they are counted: since its first claim, at most some minutes
 * @param submitsPerMinute what the account may submit; null = no limit
 */
public record BatchPace(
        long ended, double seconds, @Nullable Integer submitsPerMinute) {
    private static final double MINUTE = 60;

    /**
     * Seconds until so many jobs will have ended; empty when nothing ended lately, so that nothing can be said.
     *
     * @param waiting jobs that are to be submitted
     * @param underWay jobs that were
     */
    public OptionalLong secondsFor(long waiting, long underWay) {
        if (ended == 0 || seconds <= 0 || waiting + underWay == 0) {
            return OptionalLong.empty();
        }
        double byRate = (waiting + underWay) * seconds / ended;
        double byLimit = submitsPerMinute == null ? 0 : waiting * MINUTE / submitsPerMinute;
        return OptionalLong.of((long) Math.ceil(Math.max(byRate, byLimit)));
    }
}
