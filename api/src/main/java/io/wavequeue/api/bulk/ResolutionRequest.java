package io.wavequeue.api.bulk;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.Shown;
import io.wavequeue.job.BulkDecision;
import io.wavequeue.job.BulkKind;
import io.wavequeue.store.BulkChoice;
import io.wavequeue.store.view.JobFilter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code POST /v1/resolutions} asks for. */
final class ResolutionRequest {
    private static final String DECISION = "decision";

    private ResolutionRequest() {}

    /** Reads a body; a {@code ProblemException} that lists everything wrong with it. */
    static BulkCall of(UUID id, JsonNode body) {
        BodyFields fields = new BodyFields(body, List.of(DECISION));
        JobFilter filter = fields.filter();
        @Nullable BulkDecision decision = decision(fields);
        boolean dryRun = fields.flag(BodyFields.DRY_RUN);
        return new BulkCall(
                fields.order(id, BulkKind.RESOLUTION, decision), BulkChoice.of(BulkKind.RESOLUTION, filter), dryRun);
    }

    private static @Nullable BulkDecision decision(BodyFields fields) {
        JsonNode given = fields.get(DECISION);
        Optional<BulkDecision> decision = given.isTextual() ? BulkDecision.of(given.textValue()) : Optional.empty();
        if (decision.isEmpty()) {
            fields.refuse(
                    DECISION,
                    (given.isMissingNode() ? "is required: one of " : Shown.value(given) + " is not known; use one of ")
                            + Arrays.stream(BulkDecision.values())
                                    .map(BulkDecision::code)
                                    .collect(Collectors.joining(", ")));
        }
        return decision.orElse(null);
    }
}
