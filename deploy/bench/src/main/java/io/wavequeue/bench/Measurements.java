package io.wavequeue.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the runs of a scenario measured, by name. A dot in a name makes an object of what stands before it. */
final class Measurements {
    private static final MathContext SHOWN = new MathContext(4);

    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    void add(String name, double value) {
        values.computeIfAbsent(name, ignored -> new ArrayList<>()).add(value);
    }

    void addAll(String name, Map<String, Double> parts) {
        parts.forEach((part, value) -> add(name + "." + part, value));
    }

    /** All numbers of an object and of those in it, named by the way to them. */
    void addTree(String name, JsonNode tree) {
        if (tree.isNumber()) {
            add(name, tree.doubleValue());
        } else {
            tree.properties()
                    .forEach(part ->
                            addTree(name.isEmpty() ? part.getKey() : name + "." + part.getKey(), part.getValue()));
        }
    }

    /** Median, minimum and maximum of each name, with four digits. */
    void write(ObjectNode into) {
        values.forEach((name, list) -> {
            ObjectNode place = into;
            String[] words = name.split("\\.", -1);
            for (String word : words) {
                place = place.withObjectProperty(word);
            }
            Spread spread = Spread.of(list);
            place.set("median", number(spread.median()));
            place.set("min", number(spread.min()));
            place.set("max", number(spread.max()));
        });
    }

    private static JsonNode number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(SHOWN);
        boolean whole = rounded.signum() == 0 || rounded.stripTrailingZeros().scale() <= 0;
        return JsonNodeFactory.instance.numberNode(whole ? rounded.setScale(0) : rounded.stripTrailingZeros());
    }
}
