package io.wavequeue.api.status;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.store.view.JobFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads which jobs are meant from a body's field {@code filter}: the list's parameters as texts or lists of texts, and labels
 * also as an object.
 */
public final class JobFilterBody {
    /** The field's name. */
    public static final String FILTER = "filter";

    private static final String LABEL = "label";
    private static final String LABELS = "labels";

    private JobFilterBody() {}

    /**
     * The filter; what is wrong with it is added to the errors. It has to be given: leaving it out would mean every job.
     *
     * @param given the body's field
     */
    public static JobFilter read(JsonNode given, List<FieldError> errors) {
        if (!given.isObject()) {
            String form = "an object as the parameters of GET /v1/jobs; {} means all";
            errors.add(new FieldError(
                    FILTER,
                    given.isMissingNode()
                            ? "is required: " + form
                            : Shown.value(given) + " is not allowed; it must be " + form));
            return JobFilter.ALL;
        }
        Map<String, List<String>> texts = new LinkedHashMap<>();
        given.properties().forEach(field -> {
            if (field.getKey().equals(LABELS)) {
                texts.computeIfAbsent(LABEL, name -> new ArrayList<>()).addAll(labels(field.getValue(), errors));
            } else if (!JobFilterReader.NAMES.contains(field.getKey())) {
                // Whatever its value is, the reader refuses the name.
                texts.put(field.getKey(), List.of());
            } else {
                texts.computeIfAbsent(field.getKey(), name -> new ArrayList<>())
                        .addAll(texts(field.getKey(), field.getValue(), errors));
            }
        });
        QueryReader query = QueryReader.ofBody(FILTER, texts, JobFilterReader.NAMES);
        JobFilter filter = JobFilterReader.read(query).build();
        errors.addAll(query.errors());
        return filter;
    }

    private static List<String> texts(String name, JsonNode given, List<FieldError> errors) {
        List<JsonNode> values = new ArrayList<>();
        if (given.isArray()) {
            given.forEach(values::add);
        } else {
            values.add(given);
        }
        if (values.isEmpty()) {
            errors.add(new FieldError(
                    FILTER + "." + Shown.name(name),
                    "is an empty list, which no job is of; leave it out or give a value"));
        } else if (!values.stream().allMatch(JsonNode::isTextual)) {
            errors.add(new FieldError(
                    FILTER + "." + Shown.name(name),
                    Shown.value(given) + " is not allowed; it must be a text or a list of texts"));
            return List.of();
        }
        return values.stream().map(JsonNode::textValue).toList();
    }

    /** As the list has them, key:value. */
    private static List<String> labels(JsonNode given, List<FieldError> errors) {
        List<String> labels = new ArrayList<>();
        given.properties().forEach(label -> {
            if (label.getKey().contains(":")) {
                errors.add(new FieldError(
                        FILTER + "." + LABELS,
                        Shown.name(label.getKey()) + " has a colon; no filter can name that key"));
            } else if (label.getValue().isTextual()) {
                labels.add(label.getKey() + ":" + label.getValue().textValue());
            }
        });
        if (!given.isObject() || !given.valueStream().allMatch(JsonNode::isTextual)) {
            errors.add(new FieldError(
                    FILTER + "." + LABELS,
                    Shown.value(given) + " is not allowed; it must be an object of texts, as {\"scene\": \"forest\"}"));
        }
        return labels;
    }
}
