package io.wavequeue.api.resolve;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.status.JobFilterBody;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.catalogue.NearestName;
import io.wavequeue.job.BulkDecision;
import io.wavequeue.store.view.JobFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What {@code POST /v1/resolutions} asks for. */
record ResolutionRequest(JobFilter filter, BulkDecision decision, boolean dryRun) {
    private static final String DECISION = "decision";
    private static final String DRY_RUN = "dry_run";
    private static final List<String> FIELDS = List.of(JobFilterBody.FILTER, DECISION, DRY_RUN);

    /** Reads a body; a {@link ProblemException} that lists everything wrong with it. */
    static ResolutionRequest of(JsonNode body) {
        List<FieldError> errors = new ArrayList<>();
        if (!body.isObject()) {
            errors.add(new FieldError("", Shown.value(body) + " is not allowed; it must be an object"));
            throw ProblemException.listing(ProblemKind.INVALID_REQUEST, errors);
        }
        body.fieldNames().forEachRemaining(name -> refuseUnknown(name, errors));
        JobFilter filter = JobFilterBody.read(body.path(JobFilterBody.FILTER), errors);
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
}
