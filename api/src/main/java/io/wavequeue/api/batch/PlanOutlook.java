package io.wavequeue.api.batch;

import io.wavequeue.quote.ModelQuote;
import io.wavequeue.store.Comparison.ModelSum;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was known beside the comparison when a plan was made.
 *
 * @param expectedSeconds until its jobs would have ended; null = that cannot be said
 * @param balanceUsd the account's, as it was read last; null = not known
 * @param quotes of the whole file's models, where the provider was asked
 */
record PlanOutlook(@Nullable Long expectedSeconds, @Nullable BigDecimal balanceUsd, List<ModelQuote> quotes) {
    private static final int SCALE = 6;

    PlanOutlook {
        quotes = List.copyOf(quotes);
    }

    /** What the provider asks for the jobs of a model. @param quotedUsd null = not known, and the remarks say why */
    record Asked(@Nullable BigDecimal quotedUsd, @Nullable BigDecimal discountedUsd, ModelQuote quote) {}

    /** Of the jobs that the plan makes; the quote is that of all of the file's, whose factor on the catalogue's price is taken. */
    Optional<Asked> of(ModelSum jobs) {
        return quotes.stream()
                .filter(quote -> quote.model().equals(jobs.model()))
                .findFirst()
                .map(quote -> jobs.jobs() == quote.jobs()
                        ? new Asked(quote.quotedUsd(), quote.discountedUsd(), quote)
                        : byFactor(jobs.estimatedUsd(), quote));
    }

    private static Asked byFactor(@Nullable BigDecimal estimated, ModelQuote quote) {
        @Nullable BigDecimal all = quote.quotedUsd();
        @Nullable BigDecimal toPay = quote.discountedUsd();
        @Nullable BigDecimal catalogue = quote.catalogueUsd();
        if (estimated == null || all == null || toPay == null || catalogue == null || catalogue.signum() == 0) {
            return new Asked(null, null, quote);
        }
        return new Asked(share(estimated, all, catalogue), share(estimated, toPay, catalogue), quote);
    }

    private static BigDecimal share(BigDecimal estimated, BigDecimal of, BigDecimal catalogue) {
        return estimated.multiply(of).divide(catalogue, SCALE, RoundingMode.HALF_UP);
    }
}
