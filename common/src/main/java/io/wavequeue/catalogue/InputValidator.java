package io.wavequeue.catalogue;

import static java.util.stream.Collectors.toUnmodifiableSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.path.NodePath;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks inputs against one model. In order: each value by itself ({@link ValueCheck}), the schema over those that
 * passed, then the rules over fields that passed both, with the defaults filled in. Nothing that is given makes it
 * throw.
 */
final class InputValidator {
    private final Schema schema;
    private final JsonNode properties;
    private final List<String> fields;
    private final Set<String> requiredTexts;
    private final List<InputRule> rules;

    /**
     * @param schemaNode a schema that {@link SchemaFile} accepted
     * @param schema the same, compiled
     */
    InputValidator(JsonNode schemaNode, Schema schema, List<InputRule> rules) {
        this.schema = schema;
        this.rules = List.copyOf(rules);
        properties = schemaNode.path("properties").deepCopy();
        fields = properties.properties().stream().map(Map.Entry::getKey).toList();
        requiredTexts = schemaNode
                .path("required")
                .valueStream()
                .map(JsonNode::asText)
                .filter(field -> properties.path(field).path("type").asText().equals("string"))
                .collect(toUnmodifiableSet());
    }

    InputCheck check(JsonNode input) {
        if (!(input instanceof ObjectNode given)) {
            return new InputCheck.Invalid(List.of(new FieldError(
                    "input", Quote.of(input) + " is not allowed; it must be an object with the model's fields")));
        }
        FieldErrors errors = new FieldErrors(fields);
        checkValues(given, errors);
        checkSchema(given, errors);
        ObjectNode effective = errors.isEmpty() ? effective(given) : effective(without(given, errors));
        for (InputRule rule : rules) {
            if (!errors.concernAny(rule.fields())) {
                rule.broken(effective).ifPresent(error -> errors.add(error.field(), error));
            }
        }
        return errors.isEmpty() ? new InputCheck.Valid(effective) : new InputCheck.Invalid(errors.listed());
    }

    /** The faults of the defaults themselves, which a file may have got wrong. */
    List<FieldError> faultsOfDefaults() {
        FieldErrors errors = new FieldErrors(fields);
        ObjectNode defaults = withDefaults(JsonNodeFactory.instance.objectNode());
        checkValues(defaults, errors);
        validate(defaults, errors, false);
        return errors.listed();
    }

    /** With defaults and numbers in one form, and nothing left out of it. */
    ObjectNode effectiveAsIs(ObjectNode input) {
        ObjectNode effective = effective(input);
        for (Map.Entry<String, JsonNode> entry : input.properties()) {
            if (!properties.has(entry.getKey())) {
                effective.set(entry.getKey(), canonical(entry.getValue().deepCopy()));
            }
        }
        return effective;
    }

    /** A copy with the defaults of top-level fields filled in, the known fields first and in their order. */
    ObjectNode withDefaults(ObjectNode input) {
        ObjectNode filled = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            JsonNode value = input.has(property.getKey())
                    ? input.get(property.getKey())
                    : property.getValue().get("default");
            if (value != null) {
                filled.set(property.getKey(), value.isContainerNode() ? value.deepCopy() : value);
            }
        }
        return filled;
    }

    private void checkValues(ObjectNode given, FieldErrors errors) {
        for (Map.Entry<String, JsonNode> entry : given.properties()) {
            String field = entry.getKey();
            if (!properties.has(field)) {
                continue;
            }
            ValueCheck.problem(field, entry.getValue()).ifPresent(error -> errors.add(field, error));
            if (requiredTexts.contains(field)
                    && entry.getValue().isTextual()
                    && TextCheck.isBlank(entry.getValue().textValue())) {
                errors.add(field, new FieldError(field, "is blank; it must say something"));
            }
        }
    }

    private void checkSchema(ObjectNode given, FieldErrors errors) {
        validate(errors.isEmpty() ? given : without(given, errors), errors, true);
    }

    private void validate(ObjectNode input, FieldErrors errors, boolean withRequired) {
        Set<String> alreadyBad = errors.badFields();
        List<Error> found = schema.validate(input);
        // A value of the wrong type fails its enum and its bounds as well: the type says it all.
        found.stream()
                .filter(error -> error.getKeyword().equals("type"))
                .forEach(error -> addValueError(error, errors));
        for (Error error : found) {
            switch (error.getKeyword()) {
                case "required" -> {
                    if (withRequired) {
                        addMissing(error, alreadyBad, errors);
                    }
                }
                case "additionalProperties" -> addUnknown(error, errors);
                default -> addValueError(error, errors);
            }
        }
    }

    private void addMissing(Error error, Set<String> alreadyBad, FieldErrors errors) {
        NodePath parent = error.getInstanceLocation();
        String name = error.getProperty();
        if (parent.getNameCount() > 0) {
            errors.add(parent.getName(0), new FieldError(SchemaMessages.path(parent) + "." + name, "is required"));
        } else if (!alreadyBad.contains(name)) {
            errors.add(name, new FieldError(name, SchemaMessages.missing(properties.path(name))));
        }
    }

    private void addUnknown(Error error, FieldErrors errors) {
        NodePath parent = error.getInstanceLocation();
        String name = error.getProperty();
        if (parent.getNameCount() > 0) {
            errors.add(
                    parent.getName(0),
                    new FieldError(
                            SchemaMessages.path(parent) + "." + Quote.name(name), "unknown field " + Quote.text(name)));
        } else {
            String message = errors.isFull() ? "unknown field" : SchemaMessages.unknownField(name, fields);
            errors.add(name, new FieldError(Quote.name(name), message));
        }
    }

    private void addValueError(Error error, FieldErrors errors) {
        NodePath location = error.getInstanceLocation();
        if (location.getNameCount() == 0) {
            errors.add("input", new FieldError("input", SchemaMessages.of(error, properties.path(""))));
            return;
        }
        String field = location.getName(0);
        JsonNode property = properties.path(location.getNameCount() == 1 ? field : "");
        errors.add(field, new FieldError(SchemaMessages.path(location), SchemaMessages.of(error, property)));
    }

    private static ObjectNode without(ObjectNode given, FieldErrors errors) {
        ObjectNode rest = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> entry : given.properties()) {
            if (!errors.concern(entry.getKey())) {
                rest.set(entry.getKey(), entry.getValue());
            }
        }
        return rest;
    }

    private ObjectNode effective(ObjectNode valid) {
        ObjectNode effective = withDefaults(valid);
        for (String field : fields) {
            JsonNode value = effective.get(field);
            if (value != null) {
                effective.set(field, canonical(value));
            }
        }
        return effective;
    }

    private static JsonNode canonical(JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.properties().forEach(entry -> entry.setValue(canonical(entry.getValue())));
        } else if (value instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, canonical(array.get(i)));
            }
        }
        return value.isNumber() ? Numbers.canonical(value) : value;
    }
}
