package io.wavequeue.api.account;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.catalogue.NearestName;
import io.wavequeue.job.Account;
import io.wavequeue.job.Account.Limits;
import io.wavequeue.job.Tier;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Limits and budget after a {@code PATCH}: a tier sets its preset, numbers of one's own make it {@code custom}. */
record AccountChange(Limits limits, @Nullable BigDecimal dailyBudgetUsd) {
    private static final String TIER = "tier";
    private static final String SUBMITS = "submits_per_minute";
    private static final String IN_FLIGHT = "max_in_flight";
    private static final String BUDGET = "daily_budget_usd";
    private static final List<String> FIELDS = List.of(TIER, SUBMITS, IN_FLIGHT, BUDGET);
    private static final int MOST = 1_000_000;

    /** The account with the change applied; a {@link ProblemException} that lists everything wrong with it. */
    static AccountChange of(Account account, JsonNode body) {
        List<FieldError> errors = new ArrayList<>();
        if (!body.isObject()) {
            errors.add(new FieldError("", Shown.value(body) + " is not allowed; it must be an object"));
            throw ProblemException.listing(ProblemKind.INVALID_REQUEST, errors);
        }
        body.fieldNames().forEachRemaining(name -> refuseUnknown(name, errors));
        Optional<Tier> tier = tier(body, errors);
        @Nullable Integer submits = limit(body, SUBMITS, errors);
        @Nullable Integer inFlight = limit(body, IN_FLIGHT, errors);
        @Nullable BigDecimal budget = body.has(BUDGET) ? budget(body.get(BUDGET), errors) : account.dailyBudgetUsd();
        if (!errors.isEmpty()) {
            throw ProblemException.listing(ProblemKind.INVALID_REQUEST, errors);
        }
        Limits base = tier.map(Tier::limits).orElse(account.limits());
        if (submits == null && inFlight == null) {
            return new AccountChange(base, budget);
        }
        Limits own = new Limits(
                "custom",
                submits == null ? base.submitsPerMinute() : submits,
                inFlight == null ? base.maxInFlight() : inFlight);
        return new AccountChange(own, budget);
    }

    private static void refuseUnknown(String name, List<FieldError> errors) {
        if (!FIELDS.contains(name)) {
            String hint = NearestName.of(name, FIELDS)
                    .map(nearest -> "did you mean \"" + nearest + "\"?")
                    .orElse("known fields: " + String.join(", ", FIELDS));
            errors.add(new FieldError(Shown.name(name), "unknown field; " + hint));
        }
    }

    private static Optional<Tier> tier(JsonNode body, List<FieldError> errors) {
        JsonNode value = body.get(TIER);
        if (value == null) {
            return Optional.empty();
        }
        Optional<Tier> tier = value.isTextual() ? Tier.of(value.textValue()) : Optional.empty();
        if (tier.isEmpty()) {
            errors.add(
                    new FieldError(
                            TIER,
                            Shown.value(value)
                                    + " is not allowed; use one of bronze, silver, gold, ultra (numbers of one's own make it custom)"));
        }
        return tier;
    }

    private static @Nullable Integer limit(JsonNode body, String field, List<FieldError> errors) {
        JsonNode value = body.get(field);
        if (value == null) {
            return null;
        }
        if (value.isInt() && value.intValue() >= 1 && value.intValue() <= MOST) {
            return value.intValue();
        }
        errors.add(new FieldError(
                field, "%s is not allowed; it must be an integer from 1 to %d".formatted(Shown.value(value), MOST)));
        return null;
    }

    private static @Nullable BigDecimal budget(JsonNode value, List<FieldError> errors) {
        if (value.isNull()) {
            return null;
        }
        BigDecimal usd = value.isNumber() ? value.decimalValue() : BigDecimal.ONE.negate();
        if (Account.isBudget(usd)) {
            return usd;
        }
        errors.add(new FieldError(
                BUDGET,
                "%s is not allowed; it must be a number from 0 to %s with at most %d places, or null for no budget"
                        .formatted(Shown.value(value), Account.MOST_BUDGET_USD.toPlainString(), Account.USD_PLACES)));
        return null;
    }
}
