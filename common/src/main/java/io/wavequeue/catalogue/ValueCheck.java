package io.wavequeue.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * What no value may be, whatever its schema says: a text that cannot be stored, a number of absurd size, a nest without
 * end. It comes before the schema, so that nothing later has to fear a value.
 */
final class ValueCheck {
    private static final int LONGEST_TEXT = 100_000;
    private static final int DEEPEST = 16;

    private ValueCheck() {}

    /** The first fault in the value of a field, nested values included. */
    static Optional<FieldError> problem(String path, JsonNode value) {
        return problem(path, value, 1);
    }

    private static Optional<FieldError> problem(String path, JsonNode value, int depth) {
        if (depth > DEEPEST) {
            return Optional.of(new FieldError(path, "is nested more than " + DEEPEST + " levels deep"));
        }
        return switch (value.getNodeType()) {
            case STRING -> textProblem(value.textValue()).map(reason -> error(path, value, reason));
            case NUMBER -> Numbers.problem(value).map(reason -> error(path, value, reason));
            case OBJECT -> objectProblem(path, value, depth);
            case ARRAY -> arrayProblem(path, value, depth);
            case BOOLEAN, NULL, MISSING -> Optional.empty();
            case BINARY, POJO -> Optional.of(error(path, value, "is not JSON"));
        };
    }

    private static Optional<String> textProblem(String text) {
        if (text.length() > LONGEST_TEXT) {
            return Optional.of(
                    "is %,d characters long; at most %,d are allowed".formatted(text.length(), LONGEST_TEXT));
        }
        return TextCheck.problem(text);
    }

    private static Optional<FieldError> objectProblem(String path, JsonNode object, int depth) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (TextCheck.problem(entry.getKey()).isPresent()) {
                return Optional.of(new FieldError(
                        path, "has a field whose name is not plain text: " + Quote.text(entry.getKey())));
            }
            Optional<FieldError> problem =
                    problem(path + "." + Quote.name(entry.getKey()), entry.getValue(), depth + 1);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static Optional<FieldError> arrayProblem(String path, JsonNode array, int depth) {
        for (int i = 0; i < array.size(); i++) {
            Optional<FieldError> problem = problem(path + "[" + i + "]", array.get(i), depth + 1);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static FieldError error(String path, JsonNode value, String reason) {
        return new FieldError(path, Quote.of(value) + " " + reason);
    }
}
