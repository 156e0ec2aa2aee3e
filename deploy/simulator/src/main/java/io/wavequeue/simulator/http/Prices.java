package io.wavequeue.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.simulator.account.Account;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.simulator.account.Settings;
import io.wavequeue.simulator.catalogue.ModelSpec;
import io.wavequeue.simulator.catalogue.Tariff;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** What runs cost under the present settings. */
final class Prices {
    private final Account account;
    private final Sources sources;

    /**
     * A price in USD.
     *
     * @param listed before the discount
     * @param charged after it
     */
    record Price(BigDecimal listed, BigDecimal charged) {}

    Prices(Account account, Sources sources) {
        this.account = account;
        this.sources = sources;
    }

    Price of(ModelSpec model, JsonNode inputs) {
        Settings settings = account.settings();
        Tariff tariff = new Tariff(
                settings.is(Setting.ACE_STEP_BASIS, "output"),
                settings.is(Setting.ACE_STEP_ROUNDING, "ceil"),
                settings.is(Setting.FLAT_PRICE, "scaled"),
                settings.get(Setting.PRICE_FACTOR).of(model.id()));
        return discounted(model.priceOf(inputs, sources.seconds(inputs), tariff));
    }

    /** What a quote without inputs says. */
    Price ofNothing(ModelSpec model) {
        return discounted(model.price()
                .multiply(account.settings().get(Setting.PRICE_FACTOR).of(model.id()))
                .setScale(6, RoundingMode.HALF_UP));
    }

    private Price discounted(BigDecimal listed) {
        int percent = discountPercent();
        BigDecimal charged = percent == 0
                ? listed
                : listed.multiply(BigDecimal.valueOf(100L - percent, 2)).setScale(6, RoundingMode.HALF_UP);
        return new Price(listed, charged);
    }

    int discountPercent() {
        return account.settings().get(Setting.DISCOUNT_PERCENT);
    }
}
