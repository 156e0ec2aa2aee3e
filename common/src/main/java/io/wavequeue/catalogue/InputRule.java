package io.wavequeue.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A rule over several fields, which a schema cannot state. It is judged with the defaults filled in. */
public sealed interface InputRule {
    /** The fields that it looks at. */
    List<String> fields();

    /** What to tell a person whose input breaks it. */
    String message();

    /** The error of an effective input whose fields are each valid; empty when the rule is kept. */
    Optional<FieldError> broken(JsonNode effectiveInput);

    /** The first field must be less than the second; not judged when either is left out and has no default. */
    record LessThan(String smaller, String larger, String message) implements InputRule {
        @Override
        public List<String> fields() {
            return List.of(smaller, larger);
        }

        @Override
        public Optional<FieldError> broken(JsonNode effectiveInput) {
            JsonNode low = effectiveInput.path(smaller);
            JsonNode high = effectiveInput.path(larger);
            if (!low.isNumber() || !high.isNumber() || low.decimalValue().compareTo(high.decimalValue()) < 0) {
                return Optional.empty();
            }
            return Optional.of(new FieldError(larger, message + values(effectiveInput, fields())));
        }
    }

    /** The sum of the fields must be above 0; one that is left out and has no default counts as 0. */
    record SumPositive(List<String> fields, String message) implements InputRule {
        public SumPositive {
            fields = List.copyOf(fields);
            if (fields.isEmpty()) {
                throw new IllegalArgumentException("a sum needs a field");
            }
        }

        @Override
        public Optional<FieldError> broken(JsonNode effectiveInput) {
            BigDecimal sum = fields.stream()
                    .map(effectiveInput::path)
                    .filter(JsonNode::isNumber)
                    .map(JsonNode::decimalValue)
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            return sum.signum() > 0
                    ? Optional.empty()
                    : Optional.of(new FieldError(fields.getLast(), message + values(effectiveInput, fields)));
        }
    }

    private static String values(JsonNode effectiveInput, List<String> fields) {
        String values = fields.stream()
                .filter(effectiveInput::has)
                .map(field -> field + " is " + Quote.of(effectiveInput.path(field)))
                .collect(Collectors.joining(", "));
        return values.isEmpty() ? "" : " (" + values + ")";
    }
}
