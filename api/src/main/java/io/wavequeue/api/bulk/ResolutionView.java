package io.wavequeue.api.bulk;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.wavequeue.store.BulkView.Progress;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How far a decision about many uncertain submits has come. */
@Schema(name = "BulkResolution")
public record ResolutionView(
        @Schema(nullable = true, description = "null = a dry run: nothing is kept") @Nullable
        UUID id,

        @Schema(enumeration = {"planned", "running", "paused", "aborted", "done"})
        String status,

        @Schema(enumeration = {"adopt", "resubmit", "abandon"})
        String decision,

        @Schema(description = "Jobs that it is about: chosen when it was made, and never again")
        int matched,

        @Schema(description = "Jobs that were changed so far")
        int resolved,

        @Schema(description = "Jobs whose turn has not come")
        int waiting,

        @Schema(
                description =
                        "Jobs that were left as they are, or in a dry run would be, by reason: already_resolved, evidence_waits,"
                                + " changed, no_candidate, several_candidates, candidate_shared, candidate_taken, aborted")
        Map<String, Integer> skipped,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "Of a dry run: jobs that would be left as they are, the first 100, and why")
        @Nullable
        List<BulkJobView> skippedJobs,

        @Schema(
                nullable = true,
                description =
                        "What resubmitting them all costs; unknown prices are left out, null = all are unknown. In USD")
        @Nullable
        BigDecimal estimatedUsd,

        @Schema(description = "What the jobs showed when it was made")
        Map<String, Integer> byErrorClass,

        @JsonRawValue @Schema(type = SchemaType.OBJECT, nullable = true, description = "As it was asked for") @Nullable
        String filter,

        @Schema(nullable = true) @Nullable Integer ratePerMinute,
        @Schema(nullable = true) @Nullable String requestedBy,
        @Schema(nullable = true) @Nullable String note,
        Instant createdAt,
        @Schema(nullable = true) @Nullable Instant endedAt) {

    static ResolutionView of(@Nullable UUID id, Progress progress) {
        Tally tally = Tally.of(progress.counts());
        return new ResolutionView(
                id,
                progress.status().code(),
                Objects.requireNonNull(progress.order().decision()).code(),
                tally.matched(),
                tally.done(),
                tally.waiting(),
                tally.skipped(),
                BulkJobView.skipped(progress),
                tally.estimatedUsd(),
                tally.byErrorClass(),
                ReplayView.text(progress.order().request().path(BodyFields.FILTER)),
                progress.order().ratePerMinute(),
                progress.order().requestedBy(),
                progress.order().note(),
                progress.createdAt(),
                progress.endedAt());
    }
}
