package io.wavequeue.quote;

import io.wavequeue.catalogue.Price;
import io.wavequeue.store.QuoteStore.Answer;
import io.wavequeue.store.QuoteStore.QuotedPrice;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a plan's jobs of one model cost by the catalogue and by the provider. Both are shown; nothing is reserved by it.
 *
 * @param jobs all jobs of the model
 * @param catalogueUsd what the catalogue estimates for them; null = unknown for one at least
 * @param quotedUsd what the provider asks for them before any discount; null = not known, and {@code problem} says why
 * @param discountedUsd what is to be paid after it
 * @param discountPercent of the whole
 * @param factor quoted ÷ catalogue, of what was asked; null = one of them is not known, or the catalogue says 0
 * @param quotedAt when the oldest of the answers was given
 * @param byFactor jobs whose own price was not asked, since there are too many prices: the factor was applied to the catalogue's
 * @param problem why the provider's price is not known; null = it is
 */
public record ModelQuote(
        String model,
        long jobs,
        @Nullable BigDecimal catalogueUsd,
        @Nullable BigDecimal quotedUsd,
        @Nullable BigDecimal discountedUsd,
        @Nullable BigDecimal discountPercent,
        @Nullable BigDecimal factor,
        @Nullable Instant quotedAt,
        long byFactor,
        @Nullable String problem) {
    private static final int FACTOR_SCALE = 6;
    private static final int PERCENT_SCALE = 2;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /** A micro-dollar per job may come of rounding. */
    private static final BigDecimal ROUNDING = BigDecimal.ONE.movePointLeft(Price.SCALE);

    /**
     * Sums up the questions of one model.
     *
     * @param answers by question; those that are missing were not answered
     * @param whyNot why some were not answered
     */
    static ModelQuote of(List<PriceQuestion> questions, Map<String, Answer> answers, String whyNot) {
        return new Sums(questions, answers).quote(whyNot);
    }

    /** Whether the provider asks another price than the catalogue says, beyond rounding. */
    public boolean differs() {
        return quotedUsd != null
                && catalogueUsd != null
                && quotedUsd.subtract(catalogueUsd).abs().compareTo(ROUNDING.multiply(BigDecimal.valueOf(jobs))) > 0;
    }

    /** What a person should know of this quote, in one sentence each. */
    public List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (problem != null) {
            remarks.add(problem);
        }
        if (byFactor > 0 && quotedUsd != null) {
            remarks.add(
                    "the prices of %d of %d jobs were not asked; the factor %s of the others is applied to the catalogue's"
                            .formatted(byFactor, jobs, plain(Objects.requireNonNull(factor))));
        }
        if (differs() && factor != null) {
            remarks.add("the provider asks %s times what the catalogue says; budgets reserve by the catalogue%s"
                    .formatted(
                            plain(factor),
                            factor.compareTo(BigDecimal.ONE) > 0
                                    ? ", and the first higher charge stops the model until a person accepts it"
                                    : ""));
        }
        return List.copyOf(remarks);
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    /** The sums over what was asked and answered. */
    private static final class Sums {
        private final List<PriceQuestion> questions;
        private final Map<String, Answer> answers;
        private BigDecimal quoted = BigDecimal.ZERO;
        private BigDecimal discounted = BigDecimal.ZERO;
        private @Nullable BigDecimal asked = BigDecimal.ZERO;
        private @Nullable Instant oldest;
        private int open;
        private int refused;
        private @Nullable String refusal;

        Sums(List<PriceQuestion> questions, Map<String, Answer> answers) {
            this.questions = questions;
            this.answers = answers;
            questions.stream().filter(PriceQuestion::isAsked).forEach(this::add);
        }

        private void add(PriceQuestion question) {
            @Nullable Answer answer = answers.get(question.question());
            if (answer == null || answer.quotedAt() == null) {
                open++;
                return;
            }
            @Nullable QuotedPrice price = answer.price();
            if (price == null) {
                refused++;
                refusal = answer.error();
                return;
            }
            BigDecimal jobs = BigDecimal.valueOf(question.jobs());
            quoted = quoted.add(price.usd().multiply(jobs));
            discounted = discounted.add(price.discountedUsd().multiply(jobs));
            asked = asked == null || question.catalogueUsd() == null ? null : asked.add(question.catalogueUsd());
            Instant at = answer.quotedAt();
            oldest = oldest == null || at.isBefore(oldest) ? at : oldest;
        }

        ModelQuote quote(String whyNot) {
            String model = questions.getFirst().model();
            long jobs = questions.stream().mapToLong(PriceQuestion::jobs).sum();
            @Nullable BigDecimal catalogue = catalogue();
            Optional<PriceQuestion> rest =
                    questions.stream().filter(question -> !question.isAsked()).findFirst();
            long byFactor = rest.map(PriceQuestion::jobs).orElse(0L);
            @Nullable String problem = problem(whyNot, rest);
            if (problem != null) {
                return new ModelQuote(model, jobs, catalogue, null, null, null, null, oldest, byFactor, problem);
            }
            @Nullable BigDecimal factor = factor();
            BigDecimal all = quoted;
            BigDecimal toPay = discounted;
            if (rest.isPresent()) {
                BigDecimal restUsd = Objects.requireNonNull(rest.get().catalogueUsd());
                BigDecimal perUsd = Objects.requireNonNull(asked);
                all = all.add(share(restUsd, quoted, perUsd));
                toPay = toPay.add(share(restUsd, discounted, perUsd));
            }
            return new ModelQuote(
                    model,
                    jobs,
                    catalogue,
                    all.setScale(Price.SCALE, RoundingMode.HALF_UP),
                    toPay.setScale(Price.SCALE, RoundingMode.HALF_UP),
                    percent(all, toPay),
                    factor,
                    oldest,
                    byFactor,
                    null);
        }

        private static BigDecimal share(BigDecimal restUsd, BigDecimal quotedUsd, BigDecimal askedUsd) {
            return restUsd.multiply(quotedUsd).divide(askedUsd, Price.SCALE, RoundingMode.HALF_UP);
        }

        private @Nullable BigDecimal catalogue() {
            @Nullable BigDecimal sum = BigDecimal.ZERO;
            for (PriceQuestion question : questions) {
                sum = sum == null || question.catalogueUsd() == null ? null : sum.add(question.catalogueUsd());
            }
            return sum;
        }

        private @Nullable BigDecimal factor() {
            return asked == null || asked.signum() == 0
                    ? null
                    : quoted.divide(asked, FACTOR_SCALE, RoundingMode.HALF_UP);
        }

        private @Nullable String problem(String whyNot, Optional<PriceQuestion> rest) {
            int prices = (int) questions.stream().filter(PriceQuestion::isAsked).count();
            if (refused > 0) {
                return prices == 1
                        ? refusal
                        : "%d of %d prices are not to be had: %s".formatted(refused, prices, refusal);
            }
            if (open > 0) {
                return prices == 1 ? whyNot : "%d of %d prices are not known: %s".formatted(open, prices, whyNot);
            }
            if (rest.isPresent() && (rest.get().catalogueUsd() == null || factor() == null)) {
                return "the prices of %d jobs were not asked, and the catalogue does not tell them"
                        .formatted(rest.get().jobs());
            }
            return null;
        }

        private static BigDecimal percent(BigDecimal all, BigDecimal toPay) {
            return all.signum() == 0
                    ? BigDecimal.ZERO
                    : HUNDRED.subtract(toPay.multiply(HUNDRED).divide(all, PERCENT_SCALE, RoundingMode.HALF_UP));
        }
    }
}
