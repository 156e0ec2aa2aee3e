package io.wavequeue.api.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.catalogue.NearestName;
import io.wavequeue.job.Account;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a batch may cost, as a parameter and as the field of a body. */
final class BatchBudgetReader {
    static final String NAME = "budget_usd";

    private static final Pattern DECIMAL = Pattern.compile("\\d{1,30}(\\.\\d{1,30})?");
    private static final String RULE = "it must be a number above 0, at most %s, with at most %d places"
            .formatted(Account.MOST_BUDGET_USD.toPlainString(), Account.USD_PLACES);

    private BatchBudgetReader() {}

    /** Of a query; null = none is given, or a wrong one, which the query refuses then. */
    static @Nullable BigDecimal of(QueryReader query) {
        Optional<String> given = query.one(NAME);
        Optional<BigDecimal> usd = given.filter(text -> DECIMAL.matcher(text).matches())
                .map(BigDecimal::new)
                .filter(BatchBudgetReader::isBudget);
        if (given.isPresent() && usd.isEmpty()) {
            query.refuse(NAME, "\"" + Shown.name(given.get()) + "\" is not allowed; " + RULE);
        }
        return usd.orElse(null);
    }

    /** Of a body that changes it; null = no limit. A {@link ProblemException} that lists everything wrong with the body. */
    static @Nullable BigDecimal of(JsonNode body) {
        List<FieldError> errors = new ArrayList<>();
        if (!body.isObject()) {
            errors.add(new FieldError("", Shown.value(body) + " is not allowed; it must be an object"));
            throw ProblemException.listing(ProblemKind.INVALID_REQUEST, errors);
        }
        body.fieldNames().forEachRemaining(name -> refuseUnknown(name, errors));
        @Nullable BigDecimal usd = usd(body.path(NAME), errors);
        if (!errors.isEmpty()) {
            throw ProblemException.listing(ProblemKind.INVALID_REQUEST, errors);
        }
        return usd;
    }

    private static @Nullable BigDecimal usd(JsonNode given, List<FieldError> errors) {
        if (given.isMissingNode()) {
            errors.add(new FieldError(NAME, "is required: a number, or null for no budget"));
        } else if (given.isNumber() && isBudget(given.decimalValue())) {
            return given.decimalValue();
        } else if (!given.isNull()) {
            errors.add(
                    new FieldError(NAME, Shown.value(given) + " is not allowed; " + RULE + ", or null for no budget"));
        }
        return null;
    }

    private static void refuseUnknown(String name, List<FieldError> errors) {
        if (!name.equals(NAME)) {
            String hint = NearestName.of(name, List.of(NAME))
                    .map(nearest -> "did you mean \"" + nearest + "\"?")
                    .orElse("known fields: " + NAME);
            errors.add(new FieldError(Shown.name(name), "unknown field; " + hint));
        }
    }

    private static boolean isBudget(BigDecimal usd) {
        return usd.signum() > 0 && Account.isBudget(usd);
    }
}
