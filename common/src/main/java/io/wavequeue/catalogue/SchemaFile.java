package io.wavequeue.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.format.Format;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Checks and compiles the schema of a catalogue file. Of JSON Schema 2020-12 it takes the part that describes a form:
 * named fields with types and bounds. No {@code $ref}, which could reach out to the network, and no {@code anyOf} and
 * the like, whose faults cannot be told in a sentence. A keyword that it does not know is refused rather than ignored,
 * since a misspelt bound would let paid mistakes through.
 */
final class SchemaFile {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final Set<String> ROOT_KEYS =
            Set.of("$schema", "title", "description", "type", "properties", "required", "additionalProperties");
    private static final Set<String> KEYWORDS = Set.of(
            "type",
            "title",
            "description",
            "default",
            "examples",
            "enum",
            "const",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "pattern",
            "format",
            "items",
            "minItems",
            "maxItems",
            "uniqueItems",
            "properties",
            "required",
            "additionalProperties",
            "minProperties",
            "maxProperties");
    private static final Set<String> FORMATS = Set.of(AudioSource.FORMAT, "uri", "date", "date-time", "uuid");
    private static final Pattern FIELD = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    private final SchemaRegistry registry;
    private final Schema metaSchema;

    SchemaFile() {
        Dialect dialect = Dialect.builder(Dialects.getDraft202012())
                .format(new AudioSourceFormat())
                .build();
        SchemaRegistryConfig config =
                SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
        registry = SchemaRegistry.withDialect(dialect, builder -> builder.schemaRegistryConfig(config));
        metaSchema = SchemaRegistry.withDialect(Dialects.getDraft202012()).getSchema(SchemaLocation.of(DIALECT));
    }

    /** The compiled schema under a key of the file; refused when it is not of the kind described above. */
    Schema compile(Section file, String key) {
        JsonNode node = file.node(key);
        Section root = file.section(key, ROOT_KEYS);
        List<Error> faults = metaSchema.validate(node);
        if (!faults.isEmpty()) {
            Error fault = faults.getFirst();
            throw new CatalogueException(
                    file.file(),
                    file.pointer(key) + fault.getInstanceLocation(),
                    "is not valid JSON Schema: " + Quote.of(fault.getInstanceNode()) + " " + fault.getMessage());
        }
        checkRoot(root);
        try {
            Schema schema = registry.getSchema(node);
            schema.initializeValidators();
            return schema;
        } catch (SchemaException e) {
            throw file.broken(key, "is not usable JSON Schema: " + e.getMessage());
        }
    }

    private static void checkRoot(Section root) {
        if (root.has("$schema") && !root.text("$schema").equals(DIALECT)) {
            throw root.broken("$schema", "must be " + DIALECT);
        }
        if (!root.node("type").asText().equals("object")) {
            throw root.broken("type", "must be \"object\"");
        }
        if (!root.node("additionalProperties").isBoolean()
                || root.node("additionalProperties").asBoolean()) {
            throw root.broken("additionalProperties", "must be false, so that misspelt fields are refused");
        }
        root.node("properties");
        checkProperties(root, true);
    }

    /** Checks the fields of an object, and that what it requires is among them. */
    private static void checkProperties(Section object, boolean topLevel) {
        Set<String> fields = new HashSet<>();
        if (object.has("properties")) {
            for (Map.Entry<String, JsonNode> property :
                    object.node("properties").properties()) {
                checkName(object, property.getKey());
                String pointer = object.pointer("properties") + "/" + property.getKey();
                checkProperty(new Section(object.file(), pointer, property.getValue(), KEYWORDS), topLevel);
                fields.add(property.getKey());
            }
        }
        if (object.has("required") && !object.node("required").isEmpty()) {
            object.names("required", fields, "a field of the schema");
        }
    }

    private static void checkName(Section object, String name) {
        if (!FIELD.matcher(name).matches()) {
            throw object.broken(
                    "properties",
                    Quote.text(name) + " is not a name for a field (a letter, then letters, digits, - and _)");
        }
    }

    private static void checkProperty(Section property, boolean topLevel) {
        property.node("type");
        checkOrder(property, "minimum", "maximum");
        checkOrder(property, "exclusiveMinimum", "exclusiveMaximum");
        checkOrder(property, "minLength", "maxLength");
        checkOrder(property, "minItems", "maxItems");
        checkFormat(property, topLevel);
        checkPattern(property);
        if (property.has("enum") && property.node("enum").isEmpty()) {
            throw property.broken("enum", "allows nothing");
        }
        checkProperties(property, false);
        if (property.has("items")) {
            checkProperty(property.section("items", KEYWORDS), false);
        }
        if (property.has("additionalProperties")
                && !property.node("additionalProperties").isBoolean()) {
            throw property.broken("additionalProperties", "must be true or false");
        }
    }

    private static void checkOrder(Section property, String low, String high) {
        for (String bound : List.of(low, high)) {
            if (property.has(bound)) {
                Numbers.problem(property.node(bound)).ifPresent(reason -> {
                    throw property.broken(bound, Quote.of(property.node(bound)) + " " + reason);
                });
            }
        }
        if (property.has(low)
                && property.has(high)
                && property.node(low)
                                .decimalValue()
                                .compareTo(property.node(high).decimalValue())
                        > 0) {
            throw property.broken(low, "is above " + high + ", so that nothing is allowed");
        }
    }

    private static void checkFormat(Section property, boolean topLevel) {
        if (!property.has("format")) {
            return;
        }
        String format = property.node("format").asText();
        if (!FORMATS.contains(format)) {
            throw property.broken(
                    "format",
                    Quote.text(format) + " is not a known format; use one of "
                            + String.join(", ", FORMATS.stream().sorted().toList()));
        }
        if (format.equals(AudioSource.FORMAT)
                && !(topLevel && property.node("type").asText().equals("string"))) {
            throw property.broken("format", "audio-source is only for the input's own fields of type string");
        }
    }

    private static void checkPattern(Section property) {
        if (property.has("pattern")) {
            try {
                Pattern.compile(property.node("pattern").asText());
            } catch (PatternSyntaxException e) {
                throw property.broken("pattern", "is not a regular expression: " + e.getDescription());
            }
        }
    }

    /** Lets the schema validator judge source clips. */
    private static final class AudioSourceFormat implements Format {
        @Override
        public String getName() {
            return AudioSource.FORMAT;
        }

        @Override
        public boolean matches(ExecutionContext context, String value) {
            return AudioSource.problem(value).isEmpty();
        }
    }
}
