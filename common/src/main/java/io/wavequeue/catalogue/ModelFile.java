package io.wavequeue.catalogue;

import static java.util.stream.Collectors.toUnmodifiableSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import io.wavequeue.catalogue.Model.OutputRule;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads one catalogue file into a model and its validator, or refuses it with file, place and reason. */
final class ModelFile {
    private static final Set<String> KEYS =
            Set.of("model", "title", "kind", "description", "source", "input", "rules", "price", "limits", "output");
    private static final Set<String> PER_SECOND_KEYS =
            Set.of("per_second_usd", "seconds_of", "basis", "source_field", "max_source_seconds", "rounding");
    private static final Set<String> PRICE_KEYS =
            Stream.concat(PER_SECOND_KEYS.stream(), Stream.of("per_run_usd")).collect(toUnmodifiableSet());

    /** The id becomes a part of the provider's address: no dots alone, nothing to escape. */
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}(/[a-z0-9][a-z0-9._-]{0,63}){1,5}");

    private static final Pattern AUDIO_FORMAT = Pattern.compile("[a-z0-9]{1,8}");
    private static final int DAY_SECONDS = 86_400;
    /** The provider forgets a prediction after 7 days. */
    private static final int LONGEST_DEADLINE_SECONDS = 7 * DAY_SECONDS;

    private static final Duration USUAL_DEADLINE = Duration.ofHours(1);

    private final SchemaFile schemas = new SchemaFile();

    /** A model with its compiled validator, and the file that it is from. */
    /** @param content of the file, in one form */
    record Entry(String file, Model model, InputValidator validator, String content) {}

    Entry read(String file, JsonNode content) {
        Section root = new Section(file, "", content, KEYS);
        Schema schema = schemas.compile(root, "input");
        JsonNode input = root.node("input");
        List<InputRule> rules = rules(root, input);
        InputValidator validator = new InputValidator(input, schema, rules);
        for (FieldError fault : validator.faultsOfDefaults()) {
            throw new CatalogueException(
                    file, root.pointer("input") + "/properties/" + fault.field() + "/default", fault.message());
        }
        Model model = new Model(
                root.text("model", ID, "the provider's name of the model, such as \"owner/family/model\""),
                root.text("title"),
                root.text("kind"),
                root.text("description"),
                root.text("source"),
                input,
                rules,
                price(root, input),
                deadline(root),
                mediaFields(input),
                output(root, input));
        return new Entry(file, model, validator, content.toString());
    }

    private static List<InputRule> rules(Section root, JsonNode input) {
        List<InputRule> rules = new ArrayList<>();
        for (Section rule : root.sections("rules", Set.of("less_than", "sum_positive", "message"))) {
            if (rule.has("less_than") == rule.has("sum_positive")) {
                throw rule.broken("less_than", "a rule has either less_than or sum_positive");
            }
            String message = rule.text("message");
            if (rule.has("sum_positive")) {
                rules.add(new InputRule.SumPositive(numbers(rule, "sum_positive", input), message));
                continue;
            }
            List<String> fields = numbers(rule, "less_than", input);
            if (fields.size() != 2) {
                throw rule.broken("less_than", "needs two fields, the smaller first");
            }
            rules.add(new InputRule.LessThan(fields.getFirst(), fields.getLast(), message));
        }
        return rules;
    }

    private static PriceRule price(Section root, JsonNode input) {
        Section price = root.section("price", PRICE_KEYS);
        if (price.has("per_run_usd") == price.has("per_second_usd")) {
            throw price.broken("per_run_usd", "a price has either per_run_usd or per_second_usd");
        }
        if (price.has("per_second_usd")) {
            return perSecond(price, input);
        }
        for (String key : PER_SECOND_KEYS) {
            if (price.has(key)) {
                throw price.broken(key, "goes with per_second_usd only");
            }
        }
        return new PriceRule.PerRun(price.money("per_run_usd"));
    }

    private static PriceRule perSecond(Section price, JsonNode input) {
        BigDecimal usd = price.money("per_second_usd");
        List<String> secondsOf = numbers(price, "seconds_of", input);
        for (String field : secondsOf) {
            if (!input.path("properties").path(field).has("default")
                    && !required(input).contains(field)) {
                throw price.broken("seconds_of", field + " has no default and is not required: the price is not known");
            }
        }
        PriceBasis basis = PriceBasis.of(price.text("basis"))
                .orElseThrow(() -> price.broken("basis", "must be \"extension\" or \"output\""));
        PriceRule.SourceLength source = sourceLength(price, input);
        if (basis == PriceBasis.OUTPUT && source == null) {
            throw price.broken("basis", "output needs source_field and max_source_seconds");
        }
        return new PriceRule.PerSecond(usd, secondsOf, basis, source, rounding(price));
    }

    private static PriceRule.@Nullable SourceLength sourceLength(Section price, JsonNode input) {
        if (!price.has("source_field") && !price.has("max_source_seconds")) {
            return null;
        }
        String field = mediaField(price, price.text("source_field"), input);
        return new PriceRule.SourceLength(field, price.positiveNumber("max_source_seconds", DAY_SECONDS));
    }

    private static SecondsRounding rounding(Section price) {
        return switch (price.text("rounding")) {
            case "none" -> SecondsRounding.NONE;
            case "ceil" -> SecondsRounding.CEIL;
            default -> throw price.broken("rounding", "must be \"none\" or \"ceil\"");
        };
    }

    private static Duration deadline(Section root) {
        if (!root.has("limits")) {
            return USUAL_DEADLINE;
        }
        Section limits = root.section("limits", Set.of("prediction_deadline_seconds"));
        if (!limits.has("prediction_deadline_seconds")) {
            return USUAL_DEADLINE;
        }
        BigDecimal seconds = limits.positiveNumber("prediction_deadline_seconds", LONGEST_DEADLINE_SECONDS);
        return Duration.ofMillis(seconds.movePointRight(3).longValue()).plusMillis(seconds.scale() > 3 ? 1 : 0);
    }

    private static OutputRule output(Section root, JsonNode input) {
        Section output = root.section("output", Set.of("format_field", "default_format", "seconds_of", "source_field"));
        String field = output.optionalText("format_field");
        String format = output.text("default_format", AUDIO_FORMAT, "an audio format such as \"mp3\"");
        if (field != null) {
            checkFormats(output, field, format, input);
        }
        List<String> secondsOf = output.has("seconds_of") ? numbers(output, "seconds_of", input) : List.of();
        return new OutputRule(field, format, secondsOf, sourceOf(output, secondsOf, input));
    }

    /** The source clip that is part of the output. */
    private static @Nullable String sourceOf(Section output, List<String> secondsOf, JsonNode input) {
        String field = output.optionalText("source_field");
        if (field == null) {
            return null;
        }
        if (secondsOf.isEmpty()) {
            throw output.broken("source_field", "goes with seconds_of only");
        }
        return mediaField(output, field, input);
    }

    private static String mediaField(Section section, String field, JsonNode input) {
        if (!mediaFields(input).contains(field)) {
            throw section.broken("source_field", Quote.text(field) + " is not a field of format audio-source");
        }
        return field;
    }

    private static void checkFormats(Section output, String field, String format, JsonNode input) {
        JsonNode formats = input.path("properties").path(field).path("enum");
        if (formats.isEmpty() || !formats.valueStream().allMatch(ModelFile::isAudioFormat)) {
            throw output.broken(
                    "format_field",
                    Quote.text(field) + " is not a field with an enum of audio formats such as \"mp3\"");
        }
        if (formats.valueStream().noneMatch(known -> known.asText().equals(format))) {
            throw output.broken("default_format", Quote.text(format) + " is not among the formats of " + field);
        }
    }

    private static boolean isAudioFormat(JsonNode format) {
        return format.isTextual() && AUDIO_FORMAT.matcher(format.textValue()).matches();
    }

    private static List<String> mediaFields(JsonNode input) {
        return input.path("properties").properties().stream()
                .filter(property -> property.getValue().path("format").asText().equals(AudioSource.FORMAT))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Set<String> required(JsonNode input) {
        return input.path("required").valueStream().map(JsonNode::asText).collect(toUnmodifiableSet());
    }

    private static List<String> numbers(Section section, String key, JsonNode input) {
        Set<String> numeric = input.path("properties").properties().stream()
                .filter(property -> Set.of("number", "integer")
                        .contains(property.getValue().path("type").asText()))
                .map(Map.Entry::getKey)
                .collect(toUnmodifiableSet());
        return section.names(key, numeric, "a number among the input's fields");
    }
}
