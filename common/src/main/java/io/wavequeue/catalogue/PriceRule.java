package io.wavequeue.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the provider charges a run of a model. */
public sealed interface PriceRule {
    /**
     * The price of one run.
     *
     * @param effectiveInput the input with its defaults filled in
     * @param sourceSeconds the length of the source clip; null = unknown
     * @param pinned the basis that the operator vouches for; null = the file's, and doubt is reserved for
     */
    Price price(JsonNode effectiveInput, @Nullable BigDecimal sourceSeconds, @Nullable PriceBasis pinned);

    /** What of an input the price depends on: inputs of which this is equal have one price. */
    ObjectNode dependsOn(JsonNode effectiveInput);

    /** The input's field that names a clip on whose length the price may depend; null = there is none. */
    @Nullable
    String sourceField();

    /** The same price for every run. */
    record PerRun(BigDecimal usd) implements PriceRule {
        public PerRun {
            requireNotNegative(usd);
        }

        @Override
        public Price price(JsonNode effectiveInput, @Nullable BigDecimal sourceSeconds, @Nullable PriceBasis pinned) {
            return Price.exactly(usd);
        }

        @Override
        public ObjectNode dependsOn(JsonNode effectiveInput) {
            return JsonNodeFactory.instance.objectNode();
        }

        @Override
        public @Nullable String sourceField() {
            return null;
        }
    }

    /**
     * A price per second of what is generated.
     *
     * @param usd the price of a second
     * @param secondsOf the input's fields whose sum is what is generated
     * @param basis which seconds the estimate counts
     * @param source the clip whose own length may count too; null = there is none, and nothing is ambiguous
     * @param rounding how a part of a second counts
     */
    record PerSecond(
            BigDecimal usd,
            List<String> secondsOf,
            PriceBasis basis,
            @Nullable SourceLength source,
            SecondsRounding rounding)
            implements PriceRule {
        public PerSecond {
            requireNotNegative(usd);
            secondsOf = List.copyOf(secondsOf);
            if (secondsOf.isEmpty()) {
                throw new IllegalArgumentException("a price per second needs a field that gives seconds");
            }
            if (basis == PriceBasis.OUTPUT && source == null) {
                throw new IllegalArgumentException("the basis output needs a source clip");
            }
        }

        @Override
        public Price price(JsonNode effectiveInput, @Nullable BigDecimal sourceSeconds, @Nullable PriceBasis pinned) {
            if (sourceSeconds != null && sourceSeconds.signum() < 0) {
                throw new IllegalArgumentException("a source clip cannot last " + sourceSeconds + " s");
            }
            BigDecimal added = added(effectiveInput);
            if (added == null) {
                return Price.UNKNOWN;
            }
            BigDecimal extension = cost(added);
            if (source == null) {
                return Price.exactly(extension);
            }
            BigDecimal output = cost(added.add(sourceSeconds == null ? source.maxSeconds() : sourceSeconds));
            return switch (pinned == null ? basis : pinned) {
                case EXTENSION -> new Price(extension, pinned == PriceBasis.EXTENSION ? extension : output);
                case OUTPUT -> new Price(sourceSeconds == null ? null : output, output);
            };
        }

        @Override
        public ObjectNode dependsOn(JsonNode effectiveInput) {
            ObjectNode parts = JsonNodeFactory.instance.objectNode();
            parts.put("seconds", added(effectiveInput));
            if (source != null) {
                parts.set("source", effectiveInput.get(source.field()));
            }
            return parts;
        }

        @Override
        public @Nullable String sourceField() {
            return source == null ? null : source.field();
        }

        /** The seconds that are generated; null when the input does not tell, as one that was never checked may not. */
        private @Nullable BigDecimal added(JsonNode effectiveInput) {
            BigDecimal sum = BigDecimal.ZERO;
            for (String field : secondsOf) {
                JsonNode seconds = effectiveInput.path(field);
                if (!seconds.isNumber() || Numbers.problem(seconds).isPresent()) {
                    return null;
                }
                sum = sum.add(seconds.decimalValue());
            }
            return sum.signum() < 0 ? null : sum;
        }

        private BigDecimal cost(BigDecimal seconds) {
            return rounding.apply(seconds).multiply(usd);
        }
    }

    /**
     * A source clip that may be billed along with what is added to it.
     *
     * @param field the input's field that names the clip
     * @param maxSeconds the longest clip that the provider takes: what is reserved for one of unknown length
     */
    record SourceLength(String field, BigDecimal maxSeconds) {
        public SourceLength {
            if (maxSeconds.signum() <= 0) {
                throw new IllegalArgumentException("the longest source cannot be " + maxSeconds + " s");
            }
        }
    }

    private static void requireNotNegative(BigDecimal usd) {
        if (usd.signum() < 0) {
            throw new IllegalArgumentException("a price cannot be negative: " + usd);
        }
    }
}
