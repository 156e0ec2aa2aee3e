package io.wavequeue.worker.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.store.QuoteStore.QuotedPrice;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** What the provider says to a question for a price. It is free, so trouble on the way is an {@link IOException}: ask again. */
public sealed interface PriceAnswer {
    /** It named its price. */
    record Told(QuotedPrice price) implements PriceAnswer {}

    /** It will say no other however often it is asked. */
    record Refused(String reason) implements PriceAnswer {}

    /** Above, an amount is no price of a run. */
    BigDecimal IMPLAUSIBLE_USD = new BigDecimal(1_000_000);

    BigDecimal HUNDRED = BigDecimal.valueOf(100);

    static PriceAnswer of(Answer answer) throws IOException {
        int status = answer.effectiveStatus();
        String said = answer.message().isEmpty() ? "" : ": " + answer.message();
        if (status == 401 || status == 403) {
            return new Refused("the provider refused the key (" + status + ")" + said);
        }
        if (status >= 400 && status < 500 && status != 408 && status != 425 && status != 429) {
            return new Refused("the provider gives no quote (" + status + ")" + said);
        }
        if (status != 200) {
            throw new IOException("the provider answered " + status + said);
        }
        return told(answer.data());
    }

    private static PriceAnswer told(JsonNode data) throws IOException {
        @Nullable BigDecimal usd = number(data.path("price"));
        if (usd == null || usd.signum() < 0 || usd.compareTo(IMPLAUSIBLE_USD) >= 0) {
            throw new IOException("the provider's quote has no price that can be read");
        }
        String currency = data.path("currency").asText("USD");
        if (!currency.equalsIgnoreCase("USD")) {
            return new Refused("the provider quotes in another currency than USD");
        }
        BigDecimal discounted = discounted(data, usd);
        return new Told(new QuotedPrice(usd, discounted, percent(data, usd, discounted)));
    }

    /** Without one that makes sense, the price is what is to be paid: it is not told too low. */
    private static BigDecimal discounted(JsonNode data, BigDecimal usd) {
        @Nullable BigDecimal discounted = number(data.path("discounted_price"));
        return discounted == null || discounted.signum() < 0 || discounted.compareTo(usd) > 0 ? usd : discounted;
    }

    private static BigDecimal percent(JsonNode data, BigDecimal usd, BigDecimal discounted) {
        @Nullable BigDecimal told = number(data.path("discount_rate"));
        if (told != null && told.signum() >= 0 && told.compareTo(HUNDRED) <= 0) {
            return told;
        }
        return usd.signum() == 0
                ? BigDecimal.ZERO
                : HUNDRED.subtract(discounted.multiply(HUNDRED).divide(usd, 2, RoundingMode.HALF_UP));
    }

    private static @Nullable BigDecimal number(JsonNode value) {
        if (!value.isNumber() && !value.isTextual()) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(value.asText().strip());
            return Math.abs((long) number.scale()) > 40 ? null : number;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }
}
