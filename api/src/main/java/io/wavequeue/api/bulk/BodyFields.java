package io.wavequeue.api.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.admission.Shown;
import io.wavequeue.api.http.ProblemException;
import io.wavequeue.api.http.ProblemKind;
import io.wavequeue.api.status.JobFilterBody;
import io.wavequeue.catalogue.FieldError;
import io.wavequeue.catalogue.NearestName;
import io.wavequeue.catalogue.TextCheck;
import io.wavequeue.job.BulkDecision;
import io.wavequeue.job.BulkKind;
import io.wavequeue.store.BulkOrder;
import io.wavequeue.store.view.JobFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads what all calls that make a bulk operation have in common, and notes everything that is wrong. */
final class BodyFields {
    static final String FILTER = "filter";
    static final String DRY_RUN = "dry_run";
    static final String RATE = "rate_per_minute";
    static final String REQUESTED_BY = "requested_by";
    static final String NOTE = "note";

    private static final List<String> COMMON = List.of(FILTER, DRY_RUN, RATE, REQUESTED_BY, NOTE);

    /** What makes no sense for one job. */
    private static final List<String> OF_MANY = List.of(FILTER, DRY_RUN, RATE);

    /** What is no part of the request that is kept as JSON: it has columns of its own, or leaves no trace. */
    private static final List<String> APART = List.of(DRY_RUN, RATE, REQUESTED_BY, NOTE);

    private static final int MOST_PER_MINUTE = 1_000_000;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_NOTE = 1_000;

    private final JsonNode body;
    private final List<FieldError> errors = new ArrayList<>();

    /**
     * Of a call about many jobs.
     *
     * @param others what the call takes besides
     */
    BodyFields(JsonNode body, List<String> others) {
        this(body, Stream.concat(COMMON.stream(), others.stream()).toList(), List.of());
    }

    /**
     * Of a call about one job.
     *
     * @param others what the call takes besides
     */
    static BodyFields ofOne(JsonNode body, List<String> others) {
        List<String> known = Stream.concat(others.stream(), COMMON.stream())
                .filter(name -> !OF_MANY.contains(name))
                .toList();
        return new BodyFields(body, known, OF_MANY);
    }

    private BodyFields(JsonNode body, List<String> known, List<String> ofMany) {
        this.body = body;
        if (!body.isObject()) {
            refuse("", Shown.value(body) + " is not allowed; it must be an object");
            finish();
        }
        body.fieldNames().forEachRemaining(name -> {
            if (ofMany.contains(name)) {
                refuse(name, "is for many jobs: POST /v1/replays");
            } else {
                refuseUnknown(name, known);
            }
        });
    }

    List<FieldError> errors() {
        return errors;
    }

    void refuse(String field, String message) {
        errors.add(new FieldError(field, message));
    }

    /** Ends the call when anything was refused. */
    private void finish() {
        if (!errors.isEmpty()) {
            throw ProblemException.listing(ProblemKind.INVALID_REQUEST, errors);
        }
    }

    JsonNode get(String field) {
        return body.path(field);
    }

    /** A filter has to be given: leaving it out would mean every job. */
    JobFilter filter() {
        return JobFilterBody.read(get(FILTER), errors);
    }

    boolean flag(String field) {
        JsonNode given = get(field);
        if (!given.isMissingNode() && !given.isBoolean()) {
            refuse(field, Shown.value(given) + " is not allowed; it must be true or false");
        }
        return given.asBoolean();
    }

    private @Nullable Integer rate() {
        JsonNode given = get(RATE);
        if (given.isMissingNode() || given.isNull()) {
            return null;
        }
        if (!given.isInt() || given.intValue() < 1 || given.intValue() > MOST_PER_MINUTE) {
            refuse(RATE, Shown.value(given) + " is not allowed; it must be an integer from 1 to " + MOST_PER_MINUTE);
        }
        return given.intValue();
    }

    private @Nullable String text(String field, int longest) {
        JsonNode given = get(field);
        if (given.isMissingNode() || given.isNull()) {
            return null;
        }
        if (!given.isTextual() || given.textValue().length() > longest) {
            refuse(
                    field,
                    Shown.value(given) + " is not allowed; it must be a text of at most " + longest + " characters");
            return null;
        }
        TextCheck.problem(given.textValue()).ifPresent(problem -> refuse(field, problem));
        return given.textValue();
    }

    /** The order, once nothing was refused. */
    BulkOrder order(UUID id, BulkKind kind, @Nullable BulkDecision decision) {
        Integer rate = rate();
        String requestedBy = text(REQUESTED_BY, LONGEST_NAME);
        String note = text(NOTE, LONGEST_NOTE);
        finish();
        ObjectNode request = body.deepCopy();
        request.remove(APART);
        return new BulkOrder(id, kind, decision, request, rate, requestedBy, note);
    }

    private void refuseUnknown(String name, List<String> known) {
        if (!known.contains(name)) {
            String hint = NearestName.of(name, known)
                    .map(nearest -> "did you mean \"" + nearest + "\"?")
                    .orElse("known fields: " + String.join(", ", known));
            refuse(Shown.name(name), "unknown field; " + hint);
        }
    }
}
