package io.wavequeue.simulator.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One model.
 *
 * @param price USD, of a run or of a second
 * @param listing the model as {@code GET /models} shows it, without order and server
 * @param latencies run-time distributions by preset name
 */
public record ModelSpec(
        String id,
        JsonNode listing,
        BigDecimal price,
        boolean perSecond,
        Map<String, FieldSpec> fields,
        ClipLength length,
        Map<String, LogNormal> latencies) {

    private static final int USD_PLACES = 6;

    /**
     * How long a clip becomes.
     *
     * @param lengthFields the fields whose sum is what is generated, in seconds
     * @param source whether that is {@code added} to the source, the clip is the {@code whole} source, or the source is
     *     {@code ignored}
     * @param otherwise seconds, when it would be the source's length and that is unknown
     */
    public record ClipLength(List<String> lengthFields, String source, BigDecimal otherwise) {}

    static ModelSpec parse(JsonNode entry) {
        JsonNode schema = entry.path("request_schema");
        Set<String> required = new LinkedHashSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        Map<String, FieldSpec> fields = new TreeMap<>();
        schema.path("properties")
                .properties()
                .forEach(property -> fields.put(
                        property.getKey(),
                        FieldSpec.parse(property.getKey(), property.getValue(), required.contains(property.getKey()))));
        List<String> lengthFields = new ArrayList<>();
        entry.path("length").path("fields").forEach(name -> lengthFields.add(name.asText()));
        Map<String, LogNormal> latencies = new TreeMap<>();
        entry.path("latency")
                .properties()
                .forEach(preset -> latencies.put(preset.getKey(), LogNormal.parse(preset.getValue())));
        return new ModelSpec(
                entry.path("model_id").asText(),
                listing(entry, schema),
                new BigDecimal(entry.path("base_price").asText()).setScale(USD_PLACES),
                entry.path("per").asText().equals("second"),
                Map.copyOf(fields),
                new ClipLength(
                        List.copyOf(lengthFields),
                        entry.path("length").path("source").asText(),
                        new BigDecimal(entry.path("length").path("otherwise").asText("0"))),
                Map.copyOf(latencies));
    }

    private static JsonNode listing(JsonNode entry, JsonNode schema) {
        ObjectNode listing = JsonNodeFactory.instance.objectNode();
        for (String name : List.of("model_id", "name", "description", "type")) {
            listing.set(name, entry.path(name));
        }
        listing.put("base_price", new BigDecimal(entry.path("base_price").asText()));
        listing.put("formula", "");
        ObjectNode run = listing.putObject("api_schema").putArray("api_schemas").addObject();
        run.put("type", "model_run").put("method", "POST");
        run.put("api_path", "/api/v3/" + entry.path("model_id").asText());
        run.set("request_schema", schema);
        return listing;
    }

    /** The model as a server of this address lists it. */
    public JsonNode listed(String server, int order) {
        ObjectNode copy = listing.deepCopy();
        copy.put("sort_order", order);
        if (copy.at("/api_schema/api_schemas/0") instanceof ObjectNode run) {
            run.put("server", server);
        }
        return copy;
    }

    /** The first thing wrong with a submit's inputs, or null. Fields that the model does not know are ignored. */
    public @Nullable String problem(JsonNode inputs) {
        for (JsonNode name : schema().path("x-order-properties")) {
            FieldSpec field = field(name.asText());
            String problem = field.problem(inputs.get(field.name()));
            if (problem != null) {
                return problem;
            }
        }
        for (FieldSpec field : fields.values()) {
            String above = field.above();
            if (above != null && number(inputs, field.name()).compareTo(number(inputs, above)) <= 0) {
                return field.says("greater than " + above);
            }
        }
        return null;
    }

    /** The first thing wrong with a quote's inputs, or null: only choices and the types of priced fields are looked at. */
    public @Nullable String quoteProblem(JsonNode inputs) {
        for (FieldSpec field : fields.values()) {
            JsonNode value = inputs.get(field.name());
            boolean priced = perSecond && length.lengthFields().contains(field.name());
            String problem = priced ? field.problem(value) : field.choiceProblem(value);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    /**
     * What a run costs before any discount.
     *
     * @param source length of the source in seconds, when it is known
     */
    public BigDecimal priceOf(JsonNode inputs, @Nullable BigDecimal source, Tariff tariff) {
        BigDecimal units = BigDecimal.ONE;
        if (perSecond) {
            BigDecimal seconds = generated(inputs);
            units = tariff.byOutput() && source != null ? seconds.add(source) : seconds;
            units = tariff.wholeSeconds() ? units.setScale(0, RoundingMode.CEILING) : units;
        } else if (tariff.byLength()) {
            units = clipSeconds(inputs, source).divide(Tariff.USUAL_SECONDS, 9, RoundingMode.HALF_UP);
        }
        return price.multiply(units).multiply(tariff.factor()).setScale(USD_PLACES, RoundingMode.HALF_UP);
    }

    /** Length of the clip in seconds. */
    public BigDecimal clipSeconds(JsonNode inputs, @Nullable BigDecimal source) {
        return switch (length.source()) {
            case "added" ->
                source == null ? generated(inputs) : generated(inputs).add(source);
            case "whole" -> source == null ? length.otherwise() : source;
            default -> generated(inputs);
        };
    }

    public boolean hasField(String name) {
        return fields.containsKey(name);
    }

    /** The value of {@code output_format}; a model without that field answers mp3. */
    public String outputFormat(JsonNode inputs) {
        boolean chosen = fields.containsKey("output_format") && inputs.hasNonNull("output_format");
        return chosen ? inputs.path("output_format").asText() : "mp3";
    }

    /** The host of {@code audio}, or null for a model that takes none. */
    public @Nullable String sourceHost(JsonNode inputs) {
        return fields.containsKey("audio")
                ? URI.create(inputs.path("audio").asText()).getHost()
                : null;
    }

    private BigDecimal generated(JsonNode inputs) {
        BigDecimal sum = BigDecimal.ZERO;
        for (String name : length.lengthFields()) {
            sum = sum.add(number(inputs, name));
        }
        return sum;
    }

    private BigDecimal number(JsonNode inputs, String name) {
        JsonNode value = inputs.get(name);
        if (value != null && value.isNumber()) {
            return value.decimalValue();
        }
        return schema().path("properties").path(name).path("default").decimalValue();
    }

    private FieldSpec field(String name) {
        FieldSpec field = fields.get(name);
        if (field == null) {
            throw new IllegalStateException("x-order-properties of " + id + " names an unknown field \"" + name + "\"");
        }
        return field;
    }

    private JsonNode schema() {
        return listing.path("api_schema").path("api_schemas").path(0).path("request_schema");
    }
}
