package io.wavequeue.job;

import java.math.BigDecimal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A file of jobs that have all been validated and priced, ready to become a row with its jobs.
 *
 * @param name the library that it is for; null = none was named
 * @param lane of the lines that name none
 * @param jobs how many it has; 0 = all that its library needs is there
 * @param estimatedUsd sum of the prices that are known, scale 6; null = there are jobs, and none is
 * @param unknownPrice jobs whose price is not known
 * @param budgetUsd what all of it may cost, above 0; null = no limit
 */
public record NewBatch(
        UUID id,
        @Nullable String name,
        Lane lane,
        int jobs,
        @Nullable BigDecimal estimatedUsd,
        int unknownPrice,
        @Nullable BigDecimal budgetUsd) {
    public NewBatch {
        if (jobs < 0) {
            throw new IllegalArgumentException("a batch cannot have " + jobs + " jobs");
        }
        boolean hasNoPrice = jobs > 0 && unknownPrice == jobs;
        if (unknownPrice < 0 || unknownPrice > jobs || hasNoPrice != (estimatedUsd == null)) {
            throw new IllegalArgumentException(
                    "of %d jobs %d have no price, but the sum is %s".formatted(jobs, unknownPrice, estimatedUsd));
        }
        if (budgetUsd != null && budgetUsd.signum() <= 0) {
            throw new IllegalArgumentException("a batch's budget is above 0, not " + budgetUsd);
        }
    }
}
