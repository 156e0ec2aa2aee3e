package io.wavequeue.api.bulk;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.wavequeue.job.BulkKind;
import io.wavequeue.store.BulkView.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How far a cancellation, a hold or a release of many jobs has come. */
@Schema(name = "BulkStop", description = "Of cancelled, held and released the one is there that the operation does")
public record StopView(
        @Schema(nullable = true, description = "null = a dry run: nothing is kept") @Nullable
        UUID id,

        @Schema(enumeration = {"planned", "running", "paused", "aborted", "done"})
        String status,

        @Schema(description = "Jobs that it is about: chosen when it was made, and never again")
        int matched,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "Jobs that are cancelled, or will be when what is paid has ended")
        @Nullable
        Integer cancelled,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(description = "Jobs that a person holds now") @Nullable
        Integer held,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(description = "Jobs that were let go") @Nullable
        Integer released,

        @Schema(description = "Jobs whose turn has not come")
        int waiting,

        @Schema(
                description =
                        "Jobs that were left as they are, or in a dry run would be, by reason: ended, under_way, cancel_requested,"
                                + " held_already, not_held, aborted")
        Map<String, Integer> skipped,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "Of a dry run: jobs that would be left as they are, the first 100, and why")
        @Nullable
        List<BulkJobView> skippedJobs,

        @Schema(description = "What the jobs showed when it was made; none = no error")
        Map<String, Integer> byErrorClass,

        @JsonRawValue @Schema(type = SchemaType.OBJECT, nullable = true, description = "As it was asked for") @Nullable
        String filter,

        @Schema(nullable = true) @Nullable Integer ratePerMinute,
        @Schema(nullable = true) @Nullable String requestedBy,
        @Schema(nullable = true) @Nullable String note,
        Instant createdAt,
        @Schema(nullable = true) @Nullable Instant endedAt) {

    static StopView of(@Nullable UUID id, Progress progress) {
        Tally tally = Tally.of(progress.counts());
        BulkKind kind = progress.order().kind();
        return new StopView(
                id,
                progress.status().code(),
                tally.matched(),
                kind == BulkKind.CANCELLATION ? tally.done() : null,
                kind == BulkKind.HOLD ? tally.done() : null,
                kind == BulkKind.RELEASE ? tally.done() : null,
                tally.waiting(),
                tally.skipped(),
                BulkJobView.skipped(progress),
                tally.byErrorClass(),
                ReplayView.text(progress.order().request().path(BodyFields.FILTER)),
                progress.order().ratePerMinute(),
                progress.order().requestedBy(),
                progress.order().note(),
                progress.createdAt(),
                progress.endedAt());
    }
}
