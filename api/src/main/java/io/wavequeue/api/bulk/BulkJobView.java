package io.wavequeue.api.bulk;

import io.wavequeue.job.BulkKind;
import io.wavequeue.job.SkipReason;
import io.wavequeue.store.BulkView.Fate;
import io.wavequeue.store.BulkView.Item;
import io.wavequeue.store.BulkView.Progress;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A job of a bulk operation. */
@Schema(name = "BulkJob")
public record BulkJobView(
        UUID jobId,
        @Schema(nullable = true) @Nullable String reference,
        String model,

        @Schema(description = "replayed (resolved, cancelled, held, released), waiting, or why it was skipped")
        String outcome,

        @Schema(nullable = true, description = "Why it was skipped, and what can be done") @Nullable
        String message,

        @Schema(description = "The job's status now") String status) {
    private static final String WAITING = "waiting";

    static BulkJobView of(BulkKind kind, Item item) {
        return switch (item.fate()) {
            case Fate.Waiting waiting -> of(item, WAITING, null);
            case Fate.Done done -> of(item, kind.done(), null);
            case Fate.Skipped(SkipReason reason) -> of(item, reason.code(), reason.text(item.evidence()));
        };
    }

    /** Those that an operation which is only planned would leave as they are; null = it is made. */
    static @Nullable List<BulkJobView> skipped(Progress progress) {
        BulkKind kind = progress.order().kind();
        return progress.skipped() == null
                ? null
                : progress.skipped().stream().map(item -> of(kind, item)).toList();
    }

    private static BulkJobView of(Item item, String outcome, @Nullable String message) {
        return new BulkJobView(item.jobId(), item.reference(), item.model(), outcome, message, item.status());
    }

    /** The fate that an outcome names, as the store has it; empty when there is none of that name. */
    static Optional<String> fate(BulkKind kind, String outcome) {
        if (outcome.equals(WAITING)) {
            return Optional.of(WAITING);
        }
        return outcome.equals(kind.done())
                ? Optional.of("done")
                : SkipReason.find(outcome).map(SkipReason::code);
    }
}
