package io.wavequeue.api.resolve;

import io.wavequeue.api.status.Usd;
import io.wavequeue.job.SkipReason;
import io.wavequeue.store.ResolutionStore.Progress;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How far a decision about many jobs has come. */
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

        @Schema(
                description =
                        "Jobs that were left as they are, by reason: already_resolved, changed, no_candidate, several_candidates,"
                                + " candidate_shared, candidate_taken, aborted")
        Map<String, Integer> skipped,

        @Schema(
                nullable = true,
                description =
                        "What resubmitting them all costs; unknown prices are left out, null = all are unknown. In USD")
        @Nullable
        BigDecimal estimatedUsd,

        @Schema(description = "What the jobs showed when it was made")
        Map<String, Integer> byErrorClass) {

    static ResolutionView of(Progress progress) {
        return of(progress.id(), progress);
    }

    static ResolutionView ofDryRun(Progress progress) {
        return of(null, progress);
    }

    private static ResolutionView of(@Nullable UUID id, Progress progress) {
        Map<String, Integer> skipped = new TreeMap<>();
        for (Map.Entry<SkipReason, Integer> reason : progress.skipped().entrySet()) {
            skipped.put(reason.getKey().code(), reason.getValue());
        }
        return new ResolutionView(
                id,
                progress.status().code(),
                progress.decision().code(),
                progress.matched(),
                progress.resolved(),
                skipped,
                Usd.shown(progress.estimatedUsd()),
                progress.byErrorClass());
    }
}
