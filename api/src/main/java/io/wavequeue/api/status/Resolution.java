package io.wavequeue.api.status;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.ReconcileStore.OpenSubmit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What a person decides about a submit whose outcome nobody knows. */
sealed interface Resolution {
    Pattern PREDICTION_ID = Pattern.compile("[A-Za-z0-9_-]{4,128}");
    List<String> DECISIONS = List.of("adopt", "resubmit", "abandon");

    /** The submit made this prediction: it is followed to its end. */
    record Adopt(String predictionId) implements Resolution {}

    /** It is submitted again, whether or not it was charged before. */
    record Resubmit() implements Resolution {}

    /** The job fails. */
    record Abandon() implements Resolution {}

    /** The body, for the API's description. */
    @Schema(name = "Resolution")
    record Body(
            @Schema(
                    enumeration = {"adopt", "resubmit", "abandon"},
                    required = true)
            String decision,

            @Schema(description = "With adopt: the prediction that the submit made")
            String predictionId) {}

    /** Reads a body; a {@link ProblemException} that lists everything wrong with it. */
    static Resolution of(JsonNode body) {
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
            case "adopt" -> new Adopt(prediction);
            case "resubmit" -> new Resubmit();
            default -> new Abandon();
        };
    }

    /** The change that this decision is, for the submit as it was read. */
    default Transition transition(OpenSubmit submit, Instant at) {
        return switch (this) {
            case Adopt(String predictionId) ->
                change(submit, new Next.Running(), new AttemptChange.Accepted(predictionId, null), at);
            case Resubmit resubmit ->
                change(
                        submit,
                        new Next.Queued(Duration.ZERO),
                        new AttemptChange.GivenUp(error("a person had it submitted again: it may have been charged")),
                        at);
            case Abandon abandon -> {
                JobError error = error("a person gave it up: it may have been charged");
                yield change(submit, new Next.Failed(error), new AttemptChange.GivenUp(error), at);
            }
        };
    }

    private static JobError error(String message) {
        return new JobError(ErrorClass.UNCERTAIN_SUBMISSION, message, false);
    }

    private static Transition change(OpenSubmit submit, Next next, AttemptChange attempt, Instant at) {
        return new Transition(submit.jobId(), submit.fence(), submit.status(), next, attempt, at);
    }
}
