package io.wavequeue.api.status;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.job.SubmitDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a person decides about one submit whose outcome nobody knows, as the API's description shows it. */
@Schema(name = "Resolution")
record DecisionBody(
        @Schema(
                enumeration = {"adopt", "resubmit", "abandon"},
                required = true)
        String decision,

        @Schema(description = "With adopt: the prediction that the submit made")
        String predictionId) {
    private static final Pattern PREDICTION_ID = Pattern.compile("[A-Za-z0-9_-]{4,128}");
    private static final List<String> DECISIONS = List.of("adopt", "resubmit", "abandon");

    /** Reads a body; a {@link ProblemException} that lists everything wrong with it. */
    static SubmitDecision read(JsonNode body) {
        List<FieldError> errors = new ArrayList<>();
        if (!body.isObject()) {
            errors.add(new FieldError("", Shown.value(body) + " is not allowed; it must be an object"));
            throw ProblemException.listing(ProblemKind.INVALID_REQUEST, errors);
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!name.equals("decision") && !name.equals("prediction_id")) {
                errors.add(new FieldError(Shown.name(name), "unknown field; known fields: decision, prediction_id"));
            }
        });
        String decision = body.path("decision").asText("");
        String prediction = body.path("prediction_id").asText("");
        if (!body.path("decision").isTextual() || !DECISIONS.contains(decision)) {
            errors.add(new FieldError("decision", "is required: one of " + String.join(", ", DECISIONS)));
        } else if (decision.equals("adopt")
                && !PREDICTION_ID.matcher(prediction).matches()) {
            errors.add(new FieldError("prediction_id", "is required with adopt: the provider's id of the prediction"));
        } else if (!decision.equals("adopt") && body.has("prediction_id")) {
            errors.add(new FieldError("prediction_id", "is only for adopt"));
        }
        if (!errors.isEmpty()) {
            throw ProblemException.listing(ProblemKind.INVALID_REQUEST, errors);
        }
        return switch (decision) {
            case "adopt" -> new SubmitDecision.Adopt(prediction);
            case "resubmit" -> new SubmitDecision.Resubmit();
            default -> new SubmitDecision.Abandon();
        };
    }
}
