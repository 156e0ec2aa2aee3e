package io.wavequeue.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.catalogue.NearestName;
import io.wavequeue.catalogue.TextCheck;
import io.wavequeue.job.Lane;
import io.wavequeue.job.NewJob;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields around the input, and notes what is wrong with them. A field that is null counts as left out. After
 * an error the value returned stands in for the bad one and is not used.
 */
final class RequestFields {
    private static final int LONGEST_REFERENCE = 200;
    private static final int MOST_LABELS = 32;
    private static final int LONGEST_KEY = 64;
    private static final int LONGEST_VALUE = 256;
    private static final int MOST_UNKNOWN = 50;
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private final JsonNode request;
    private final List<FieldError> errors;

    RequestFields(JsonNode request, List<FieldError> errors) {
        this.request = request;
        this.errors = errors;
    }

    void refuseUnknown(List<String> allowed) {
        List<String> unknown = request.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !allowed.contains(name))
                .toList();
        for (String name : unknown.subList(0, Math.min(unknown.size(), MOST_UNKNOWN))) {
            String hint = NearestName.of(name, allowed)
                    .map(nearest -> "; did you mean \"" + nearest + "\"?")
                    .orElseGet(() -> "; known fields: " + String.join(", ", allowed));
            add(Shown.name(name), "unknown field" + hint);
        }
        if (unknown.size() > MOST_UNKNOWN) {
            add("", "%d more unknown fields".formatted(unknown.size() - MOST_UNKNOWN));
        }
    }

    @Nullable
    String reference() {
        JsonNode value = given(RequestForm.REFERENCE);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            add(RequestForm.REFERENCE, Shown.value(value) + " is not allowed; it must be a text");
            return null;
        }
        TextCheck.lineProblem(value.textValue(), LONGEST_REFERENCE)
                .ifPresent(problem -> add(RequestForm.REFERENCE, problem));
        return value.textValue();
    }

    Lane lane(Lane usual) {
        JsonNode value = given(RequestForm.LANE);
        if (value == null) {
            return usual;
        }
        for (Lane lane : Lane.values()) {
            if (value.isTextual() && lane.code().equals(value.textValue())) {
                return lane;
            }
        }
        add(RequestForm.LANE, Shown.value(value) + " is not allowed; use one of \"interactive\", \"bulk\"");
        return usual;
    }

    /** The labels as JSON text. */
    String labels() {
        JsonNode labels = given(RequestForm.LABELS);
        if (labels == null) {
            return "{}";
        }
        if (!labels.isObject()) {
            add(RequestForm.LABELS, Shown.value(labels) + " is not allowed; it must be an object of texts");
            return "{}";
        }
        if (labels.size() > MOST_LABELS) {
            add(RequestForm.LABELS, "has %,d labels; at most %d are allowed".formatted(labels.size(), MOST_LABELS));
            return "{}";
        }
        labels.properties().forEach(label -> checkLabel(label.getKey(), label.getValue()));
        return StrictJson.write(labels);
    }

    int maxAttempts() {
        JsonNode value = given(RequestForm.MAX_ATTEMPTS);
        if (value == null) {
            return NewJob.USUAL_ATTEMPTS;
        }
        if (value.isInt() && value.intValue() >= NewJob.LEAST_ATTEMPTS && value.intValue() <= NewJob.MOST_ATTEMPTS) {
            return value.intValue();
        }
        add(
                RequestForm.MAX_ATTEMPTS,
                "%s is not allowed; it must be an integer from %d to %d"
                        .formatted(Shown.value(value), NewJob.LEAST_ATTEMPTS, NewJob.MOST_ATTEMPTS));
        return NewJob.USUAL_ATTEMPTS;
    }

    @Nullable
    UUID batchId() {
        JsonNode value = given(RequestForm.BATCH_ID);
        if (value == null) {
            return null;
        }
        if (value.isTextual() && UUID_FORM.matcher(value.textValue()).matches()) {
            return UUID.fromString(value.textValue());
        }
        add(RequestForm.BATCH_ID, Shown.value(value) + " is not allowed; it must be a UUID");
        return null;
    }

    private void checkLabel(String key, JsonNode value) {
        String field = RequestForm.LABELS + "." + Shown.name(key);
        Optional<String> keyProblem = key.indexOf(':') >= 0
                ? Optional.of("contains a colon, which separates key and value in filters")
                : TextCheck.lineProblem(key, LONGEST_KEY);
        if (keyProblem.isPresent()) {
            add(field, "its name " + keyProblem.get());
        } else if (!value.isTextual()) {
            add(field, Shown.value(value) + " is not allowed; it must be a text");
        } else if (!value.textValue().isEmpty()) {
            TextCheck.lineProblem(value.textValue(), LONGEST_VALUE).ifPresent(problem -> add(field, problem));
        }
    }

    private @Nullable JsonNode given(String field) {
        JsonNode value = request.get(field);
        return value == null || value.isNull() ? null : value;
    }

    private void add(String field, String message) {
        errors.add(new FieldError(field, message));
    }
}
