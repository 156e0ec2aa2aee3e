package io.wavequeue.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.manifest.Settings.Default;
import io.wavequeue.cli.manifest.Settings.Place;
import io.wavequeue.cli.screen.NearestWord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Takes settings one by one, from wherever they come; what comes later wins. All that is wrong is a fault. */
public final class SettingsReader {

    private static final List<String> KEYS = List.of(
            "library",
            "lane",
            "budget_usd",
            "output",
            "takes",
            "labels",
            "max_attempts",
            "defaults",
            "retake",
            "max_retakes",
            "reuse",
            "unknown_price");
    private static final List<String> LANES = List.of("bulk", "interactive");
    private static final List<String> CONSENTS = List.of("accept", "refuse");
    private static final List<String> VERDICTS = List.of(
            "broken", "suspect", "silent", "clipped", "duration", "format", "damaged", "undecodable", "truncated");
    private static final int MOST_TAKES = 100;
    private static final int MOST_ATTEMPTS = 10;
    private static final int MOST_RETAKES = 10;
    private static final int PLACES = 6;

    private Faults faults;

    private @Nullable String library;
    private @Nullable String lane;
    private @Nullable BigDecimal budgetUsd;
    private @Nullable String output;
    private @Nullable Integer takes;
    private @Nullable Integer maxAttempts;
    private @Nullable Integer maxRetakes;
    private @Nullable Boolean reuse;
    private @Nullable String unknownPrice;
    private List<String> retake = List.of();
    private final Map<String, String> labels = new TreeMap<>();
    private final Map<String, Default> defaults = new LinkedHashMap<>();

    /** A reader that puts what is wrong there. */
    public SettingsReader(Faults faults) {
        this.faults = faults;
    }

    /** A value that is written as JSON; null when it is none. */
    public static @Nullable JsonNode json(String text) {
        return LineJson.value(text);
    }

    /** The same reader; what is wrong from now on goes there. */
    public SettingsReader with(Faults others) {
        faults = others;
        return this;
    }

    /** What was taken; the library is this one unless another was named. */
    public Settings settings(String usualLibrary) {
        String name = library == null ? usualLibrary : library;
        return new Settings(
                new Settings.Call(name, lane, budgetUsd, retake, maxRetakes, reuse, unknownPrice),
                new Settings.Lines(output, takes, maxAttempts, labels, List.copyOf(defaults.values())));
    }

    /** Takes one setting. */
    public void take(String key, JsonNode value, Place place) {
        Value given = new Value(key, value, place);
        switch (key) {
            case "library" -> library = given.text();
            case "lane" -> lane = given.word(LANES);
            case "budget_usd" -> budgetUsd = given.usd();
            case "output" -> output = given.text();
            case "takes" -> takes = given.whole(1, MOST_TAKES);
            case "max_attempts" -> maxAttempts = given.whole(1, MOST_ATTEMPTS);
            case "max_retakes" -> maxRetakes = given.whole(1, MOST_RETAKES);
            case "reuse" -> reuse = given.bool();
            case "unknown_price" -> unknownPrice = given.word(CONSENTS);
            case "retake" -> retake = given.words(VERDICTS);
            case "labels", "defaults" -> given.refuse("takes a name and a value: " + key + ".NAME");
            default -> faults.add(place.fault(key, "unknown key" + meant(key, KEYS)));
        }
    }

    /** Takes an entry of {@code labels} or {@code defaults}. */
    public void take(String key, String name, JsonNode value, Place place) {
        Value given = new Value(key + "." + name, value, place);
        if (!key.equals("labels")) {
            if (value.isNull()) {
                given.refuse("has no value");
            } else {
                defaults.put(name, new Default(name, value, place));
            }
        } else if (value.isContainerNode() || value.isNull()) {
            given.refuse("must be a text");
        } else {
            labels.put(name, value.asText());
        }
    }

    private static String meant(String word, List<String> words) {
        return NearestWord.of(word, words)
                .map(near -> "; did you mean \"" + near + "\"?")
                .orElse("; known: " + String.join(", ", words));
    }

    /** A value under its key, read as what the key wants; what it is not is a fault, and null. */
    private final class Value {
        private final String key;
        private final JsonNode value;
        private final Place place;

        Value(String key, JsonNode value, Place place) {
            this.key = key;
            this.value = value;
            this.place = place;
        }

        void refuse(String reason) {
            faults.add(place.fault(key, reason));
        }

        private String shown() {
            return value.isTextual() ? '"' + value.asText() + '"' : value.toString();
        }

        @Nullable
        String text() {
            if (value.isTextual() && !value.asText().isBlank()) {
                return value.asText();
            }
            refuse(shown() + " is not a text" + (value.isNumber() || value.isBoolean() ? "; put it in quotes" : ""));
            return null;
        }

        @Nullable
        String word(List<String> words) {
            String word = value.asText();
            if (value.isTextual() && words.contains(word)) {
                return word;
            }
            refuse(shown() + " is none of " + String.join(", ", words));
            return null;
        }

        @Nullable
        Integer whole(int least, int most) {
            if (value.isInt() && value.asInt() >= least && value.asInt() <= most) {
                return value.asInt();
            }
            refuse(shown() + " is no whole number from " + least + " to " + most);
            return null;
        }

        @Nullable
        BigDecimal usd() {
            if (value.isNumber()
                    && value.decimalValue().signum() > 0
                    && value.decimalValue().stripTrailingZeros().scale() <= PLACES) {
                return value.decimalValue();
            }
            refuse(shown() + " is no amount above 0 with at most " + PLACES + " places");
            return null;
        }

        @Nullable
        Boolean bool() {
            if (value.isBoolean()) {
                return value.asBoolean();
            }
            refuse(shown() + " is neither true nor false");
            return null;
        }

        /** A list, or a text separated by commas. */
        List<String> words(List<String> known) {
            List<String> words = new ArrayList<>();
            if (value.isArray()) {
                value.forEach(word -> words.add(word.asText()));
            } else {
                words.addAll(List.of(value.asText().split("\\s*,\\s*")));
            }
            for (String word : words) {
                if (!known.contains(word)) {
                    refuse("\"" + word + "\" is no verdict of the audio check" + meant(word, known));
                }
            }
            return words;
        }
    }
}
