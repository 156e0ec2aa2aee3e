package io.wavequeue.job;

import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request that has been validated and priced, ready to become a row.
 *
 * @param input JSON text of the inputs exactly as they were asked for
 * @param labels JSON text of an object of strings
 * @param estimatedUsd price expected, scale 6; null = unknown
 * @param reserveUsd highest reading of the price, scale 6; null = unknown
 */
public record NewJob(
        UUID id,
        String model,
        Lane lane,
        String input,
        String labels,
        Tag tag,
        int maxAttempts,
        @Nullable BigDecimal estimatedUsd,
        @Nullable BigDecimal reserveUsd) {

    /** Least, most and usual number of attempts. */
    public static final int LEAST_ATTEMPTS = 1;

    public static final int MOST_ATTEMPTS = 10;
    public static final int USUAL_ATTEMPTS = 3;

    /** Whose job it is: the caller's own name for it, and the batch that it belongs to. */
    public record Tag(@Nullable String reference, @Nullable UUID batchId) {
        public static final Tag NONE = new Tag(null, null);
    }

    public NewJob {
        if (maxAttempts < LEAST_ATTEMPTS || maxAttempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("max_attempts " + maxAttempts + " is not within 1 and 10");
        }
    }
}
