package io.wavequeue.quote;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What one price is asked for, and for how many jobs.
 *
 * @param question SHA-256 over what the price depends on
 * @param input JSON text of one of the jobs' inputs, as it was asked for; null = not to be asked, since there are too many
 *     others of this model
 * @param jobs that have this price
 * @param catalogueUsd what the catalogue estimates for all of them; null = unknown for one at least
 */
public record PriceQuestion(
        String model,
        String question,
        @Nullable String input,
        long jobs,
        @Nullable BigDecimal catalogueUsd) {
    boolean isAsked() {
        return input != null;
    }
}
