package io.wavequeue.simulator.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.SplittableRandom;

/**
 * A distribution of run times in milliseconds, cut off at both ends. A sigma of 0 makes every run last the median.
 */
public record LogNormal(double medianMs, double sigma, double minMs, double maxMs) {
    private static final double LONGEST_MS = 7 * 24 * 3_600_000.0;

    public LogNormal {
        if (!(medianMs >= 0) || medianMs > LONGEST_MS) {
            throw new IllegalArgumentException("a distribution with a median between 0 and 7 days, in ms");
        }
        if (!(sigma >= 0) || sigma > 5) {
            throw new IllegalArgumentException("a distribution with a sigma between 0 and 5");
        }
    }

    public static LogNormal of(double medianMs, double sigma) {
        return new LogNormal(medianMs, sigma, 0, LONGEST_MS);
    }

    static LogNormal parse(JsonNode json) {
        return new LogNormal(
                json.path("median_ms").asDouble(),
                json.path("sigma").asDouble(),
                json.path("min_ms").asDouble(),
                json.path("max_ms").asDouble());
    }

    /** The run time that belongs to this seed, always the same. */
    public long draw(long seed) {
        if (sigma == 0 || medianMs == 0) {
            return Math.round(medianMs);
        }
        double drawn = medianMs * Math.exp(sigma * new SplittableRandom(seed).nextGaussian());
        return Math.round(Math.clamp(drawn, minMs, maxMs));
    }
}
