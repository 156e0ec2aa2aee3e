package io.wavequeue.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An object of a catalogue file, read strictly: whatever it should not be is refused with file, place and reason. */
final class Section {
    private static final int LONGEST_TEXT = 4_000;
    private static final Pattern DECIMAL = Pattern.compile("\\d{1,6}(\\.\\d{1,12})?");

    private final String file;
    private final String pointer;
    private final JsonNode object;

    Section(String file, String pointer, JsonNode object, Set<String> keys) {
        this.file = file;
        this.pointer = pointer;
        this.object = object;
        if (!object.isObject()) {
            throw new CatalogueException(file, pointer, Quote.of(object) + " is not allowed; it must be an object");
        }
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (!keys.contains(entry.getKey())) {
                String nearest = NearestName.of(entry.getKey(), keys)
                        .map(name -> "; did you mean \"" + name + "\"?")
                        .orElse("; known keys: "
                                + String.join(", ", keys.stream().sorted().toList()));
                throw broken(entry.getKey(), "unknown key " + Quote.text(entry.getKey()) + nearest);
            }
        }
    }

    String file() {
        return file;
    }

    String pointer(String key) {
        return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
    }

    CatalogueException broken(String key, String reason) {
        return new CatalogueException(file, pointer(key), reason);
    }

    boolean has(String key) {
        return object.has(key);
    }

    JsonNode node(String key) {
        JsonNode node = object.get(key);
        if (node == null) {
            throw broken(key, "is required");
        }
        return node;
    }

    Section section(String key, Set<String> keys) {
        return new Section(file, pointer(key), node(key), keys);
    }

    List<Section> sections(String key, Set<String> keys) {
        JsonNode list = object.path(key);
        if (!list.isMissingNode() && !list.isArray()) {
            throw broken(key, Quote.of(list) + " is not allowed; it must be a list");
        }
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            sections.add(new Section(file, pointer(key) + "/" + i, list.get(i), keys));
        }
        return sections;
    }

    String text(String key) {
        JsonNode node = node(key);
        if (!node.isTextual() || TextCheck.isBlank(node.textValue())) {
            throw broken(key, Quote.of(node) + " is not allowed; it must be a text");
        }
        if (node.textValue().length() > LONGEST_TEXT) {
            throw broken(key, "is longer than " + LONGEST_TEXT + " characters");
        }
        Optional<String> problem = TextCheck.problem(node.textValue());
        if (problem.isPresent()) {
            throw broken(key, problem.get());
        }
        return node.textValue();
    }

    String text(String key, Pattern allowed, String inWords) {
        String text = text(key);
        if (!allowed.matcher(text).matches()) {
            throw broken(key, Quote.text(text) + " is not allowed; it must be " + inWords);
        }
        return text;
    }

    @Nullable
    String optionalText(String key) {
        return has(key) ? text(key) : null;
    }

    /** Money is written as a text, since a number in JSON may have passed through a binary fraction. */
    BigDecimal money(String key) {
        JsonNode node = node(key);
        if (!node.isTextual() || !DECIMAL.matcher(node.textValue()).matches()) {
            throw broken(
                    key,
                    Quote.of(node)
                            + " is not allowed; it must be an amount in USD as a decimal string such as \"0.0217\"");
        }
        return new BigDecimal(node.textValue());
    }

    BigDecimal positiveNumber(String key, int most) {
        JsonNode node = node(key);
        if (!node.isNumber()
                || Numbers.problem(node).isPresent()
                || node.decimalValue().signum() <= 0
                || node.decimalValue().compareTo(BigDecimal.valueOf(most)) > 0) {
            throw broken(key, Quote.of(node) + " is not allowed; it must be a number above 0 and up to " + most);
        }
        return node.decimalValue();
    }

    /** A list of different names, each known. */
    List<String> names(String key, Set<String> known, String whatTheyAre) {
        JsonNode list = node(key);
        if (!list.isArray() || list.isEmpty()) {
            throw broken(key, Quote.of(list) + " is not allowed; it must be a list of names");
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            String place = key + "/" + i;
            if (!known.contains(list.get(i).asText())) {
                throw new CatalogueException(
                        file, pointer(key) + "/" + i, Quote.of(list.get(i)) + " is not " + whatTheyAre);
            }
            names.add(list.get(i).asText());
            if (new HashSet<>(names).size() < names.size()) {
                throw new CatalogueException(file, pointer + "/" + place, "names the same field twice");
            }
        }
        return names;
    }
}
