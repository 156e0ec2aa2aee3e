package io.wavequeue.api.resolve;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.http.QueryReader;
import io.wavequeue.api.status.JobFilterReader;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.catalogue.NearestName;
import io.wavequeue.job.BulkDecision;
import io.wavequeue.store.view.JobFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What {@code POST /v1/resolutions} asks for. */
record ResolutionRequest(JobFilter filter, BulkDecision decision, boolean dryRun) {
    private static final String FILTER = "filter";
    private static final String DECISION = "decision";
    private static final String DRY_RUN = "dry_run";
    private static final List<String> FIELDS = List.of(FILTER, DECISION, DRY_RUN);
    private static final String LABEL = "label";
    private static final String LABELS = "labels";

    /** Reads a body; a {@link ProblemException} that lists everything wrong with it. */
    static ResolutionRequest of(JsonNode body) {
        List<FieldError> errors = new ArrayList<>();
        if (!body.isObject()) {
            errors.add(new FieldError("", Shown.value(body) + " is not allowed; it must be an object"));
            throw ProblemException.listing(ProblemKind.INVALID_REQUEST, errors);
        }
        body.fieldNames().forEachRemaining(name -> refuseUnknown(name, errors));
        JobFilter filter = filter(body.path(FILTER), errors);
        Optional<BulkDecision> decision = decision(body.path(DECISION), errors);
        JsonNode dryRun = body.path(DRY_RUN);
        if (!dryRun.isMissingNode() && !dryRun.isBoolean()) {
            errors.add(new FieldError(DRY_RUN, Shown.value(dryRun) + " is not allowed; it must be true or false"));
        }
        if (!errors.isEmpty()) {
            throw ProblemException.listing(ProblemKind.INVALID_REQUEST, errors);
        }
        return new ResolutionRequest(filter, decision.orElseThrow(), dryRun.asBoolean());
    }

    private static void refuseUnknown(String name, List<FieldError> errors) {
        if (!FIELDS.contains(name)) {
            String hint = NearestName.of(name, FIELDS)
                    .map(nearest -> "did you mean \"" + nearest + "\"?")
                    .orElse("known fields: " + String.join(", ", FIELDS));
            errors.add(new FieldError(Shown.name(name), "unknown field; " + hint));
        }
    }

    private static Optional<BulkDecision> decision(JsonNode given, List<FieldError> errors) {
        Optional<BulkDecision> decision = given.isTextual() ? BulkDecision.of(given.textValue()) : Optional.empty();
        if (decision.isEmpty()) {
            errors.add(new FieldError(
                    DECISION,
                    "is required: one of "
                            + Arrays.stream(BulkDecision.values())
                                    .map(BulkDecision::code)
                                    .collect(Collectors.joining(", "))));
        }
        return decision;
    }

    /** A filter has to be given: leaving it out would decide about every uncertain job. */
    private static JobFilter filter(JsonNode given, List<FieldError> errors) {
        if (!given.isObject()) {
            errors.add(
                    new FieldError(FILTER, "is required: an object as the parameters of GET /v1/jobs; {} means all"));
            return JobFilter.ALL;
        }
        Map<String, List<String>> texts = new LinkedHashMap<>();
        given.properties().forEach(field -> {
            if (field.getKey().equals(LABELS)) {
                texts.computeIfAbsent(LABEL, name -> new ArrayList<>()).addAll(labels(field.getValue(), errors));
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
        if (values.isEmpty() || !values.stream().allMatch(JsonNode::isTextual)) {
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
