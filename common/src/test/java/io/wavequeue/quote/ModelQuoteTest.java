package io.wavequeue.quote;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.store.QuoteStore.Answer;
import io.wavequeue.store.QuoteStore.QuotedPrice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelQuoteTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final String MODEL = "a/model";

    private static PriceQuestion question(String name, boolean asked, long jobs, @Nullable String usd) {
        return new PriceQuestion(MODEL, name, asked ? "{}" : null, jobs, usd == null ? null : new BigDecimal(usd));
    }

    private static Answer priced(String name, String usd, String discounted, Instant at) {
        QuotedPrice price = new QuotedPrice(new BigDecimal(usd), new BigDecimal(discounted), BigDecimal.ZERO);
        return new Answer(MODEL, name, price, null, at);
    }

    private static ModelQuote quote(List<PriceQuestion> questions, Answer... answers) {
        return ModelQuote.of(
                questions,
                Arrays.stream(answers).collect(Collectors.toMap(Answer::question, answer -> answer)),
                "nobody was there");
    }

    private static @Nullable BigDecimal usd(@Nullable String usd) {
        return usd == null ? null : new BigDecimal(usd);
    }

    @Test
    void shouldSumUpAllPricesAndTellTheOldest() {
        ModelQuote quote = quote(
                List.of(question("a", true, 3, "0.030000"), question("b", true, 1, "0.050000")),
                priced("a", "0.01", "0.009", NOON),
                priced("b", "0.05", "0.045", NOON.minusSeconds(60)));

        assertThat(quote)
                .isEqualTo(new ModelQuote(
                        MODEL,
                        4,
                        usd("0.080000"),
                        usd("0.080000"),
                        usd("0.072000"),
                        usd("10.00"),
                        usd("1.000000"),
                        NOON.minusSeconds(60),
                        0,
                        null));
        assertThat(quote.differs()).isFalse();
        assertThat(quote.remarks()).isEmpty();
    }

    @Test
    void shouldApplyTheFactorToWhatWasNotAskedAndSaySo() {
        ModelQuote quote = quote(
                List.of(question("a", true, 1, "0.010000"), question("rest", false, 9, "0.900000")),
                priced("a", "0.015", "0.012", NOON));

        assertThat(quote.quotedUsd()).isEqualByComparingTo("1.365");
        assertThat(quote.discountedUsd()).isEqualByComparingTo("1.092");
        assertThat(quote.discountPercent()).isEqualByComparingTo("20");
        assertThat(quote.differs()).isTrue();
        assertThat(quote.remarks())
                .containsExactly(
                        "the prices of 9 of 10 jobs were not asked; the factor 1.5 of the others is applied to the catalogue's",
                        "the provider asks 1.5 times what the catalogue says; budgets reserve by the catalogue, and the first"
                                + " higher charge stops the model until a person accepts it");
    }

    @Test
    void shouldNotCallRoundingADifference() {
        ModelQuote quote =
                quote(List.of(question("a", true, 2, "0.020000")), priced("a", "0.010001", "0.010001", NOON));

        assertThat(quote.differs()).isFalse();
        assertThat(quote.quotedUsd()).isEqualByComparingTo("0.020002");
    }

    @Test
    void shouldTellWhyThereIsNoPriceAndGuessNone() {
        List<PriceQuestion> one = List.of(question("a", true, 2, "0.020000"));
        List<PriceQuestion> two = List.of(question("a", true, 2, "0.020000"), question("b", true, 1, "0.010000"));
        Answer refused = new Answer(MODEL, "b", null, "the provider gives no quote (400)", NOON);

        assertThat(quote(one).problem()).isEqualTo("nobody was there");
        assertThat(quote(one).quotedUsd()).isNull();
        assertThat(quote(one).catalogueUsd()).isEqualByComparingTo("0.02");
        assertThat(quote(two, priced("a", "0.01", "0.01", NOON)).problem())
                .isEqualTo("1 of 2 prices are not known: nobody was there");
        assertThat(quote(two, priced("a", "0.01", "0.01", NOON), refused))
                .isEqualTo(new ModelQuote(
                        MODEL,
                        3,
                        usd("0.030000"),
                        null,
                        null,
                        null,
                        null,
                        NOON,
                        0,
                        "1 of 2 prices are not to be had: the provider gives no quote (400)"));
    }

    @Test
    void shouldQuoteWhatTheCatalogueCannotPriceButNotByAFactor() {
        ModelQuote quote = quote(List.of(question("a", true, 2, null)), priced("a", "0.01", "0.01", NOON));
        assertThat(quote.quotedUsd()).isEqualByComparingTo("0.02");
        assertThat(quote.catalogueUsd()).isNull();
        assertThat(quote.factor()).isNull();
        assertThat(quote.problem()).isNull();

        ModelQuote withRest = quote(
                List.of(question("a", true, 2, null), question("rest", false, 5, "0.050000")),
                priced("a", "0.01", "0.01", NOON));
        assertThat(withRest.quotedUsd()).isNull();
        assertThat(withRest.problem())
                .isEqualTo("the prices of 5 jobs were not asked, and the catalogue does not tell them");
    }

    @Test
    void shouldTellOfNothingWhenThePriceIsNothing() {
        ModelQuote free = ModelQuote.of(
                List.of(question("a", true, 2, "0.000000")), Map.of("a", priced("a", "0", "0", NOON)), "");
        assertThat(free.quotedUsd()).isEqualByComparingTo("0");
        assertThat(free.discountPercent()).isEqualByComparingTo("0");
        assertThat(free.factor()).isNull();
    }
}
