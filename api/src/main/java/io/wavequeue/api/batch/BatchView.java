package io.wavequeue.api.batch;

import io.wavequeue.api.status.Usd;
import io.wavequeue.store.BatchStore.Batch;
import io.wavequeue.store.BatchStore.Counts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A batch in the form of the REST contract: every field is always there, null where it is empty. */
@Schema(name = "Batch", description = "Jobs that came in one file. Every field is always present, null where empty.")
record BatchView(
        UUID id,

        @Schema(nullable = true, description = "The library that it is for") @Nullable
        String name,

        @Schema(
                enumeration = {"running", "paused", "cancelled", "done"},
                description =
                        "done: every job has ended and its outputs are archived. cancelled stays so, also when all of that is so")
        String status,

        @Schema(description = "interactive or bulk: of the lines that name none")
        String lane,

        CountsView counts,
        CostView cost,

        @Schema(
                nullable = true,
                description =
                        "Until all that is not held will have ended, by what ended in the last 5 minutes and the account's limit;"
                                + " null = that cannot be said")
        @Nullable
        Long etaSeconds,

        Instant createdAt,
        @Schema(nullable = true) @Nullable Instant doneAt) {

    /** Jobs by status. */
    @Schema(name = "BatchCounts")
    record CountsView(
            long total,
            long queued,
            long submitting,
            long uncertain,
            long running,
            long held,
            long succeeded,
            long failed,
            long cancelled,

            @Schema(description = "Jobs all of whose outputs are archived")
            long archived) {
        static CountsView of(Counts counts) {
            return new CountsView(
                    counts.total(),
                    counts.queued(),
                    counts.submitting(),
                    counts.uncertain(),
                    counts.running(),
                    counts.held(),
                    counts.succeeded(),
                    counts.failed(),
                    counts.cancelled(),
                    counts.archived());
        }
    }

    /** Sums over the jobs. */
    @Schema(name = "BatchCost", description = "In USD; null = not known. Sums leave out what is not known.")
    record CostView(
            @Schema(nullable = true) @Nullable BigDecimal estimatedUsd,

            @Schema(description = "Jobs whose price is not known: they are not in estimated_usd")
            long unknownPrice,

            @Schema(description = "Held by attempts that are open") @Nullable
            BigDecimal reservedUsd,

            @Schema(nullable = true) @Nullable BigDecimal chargedUsd,
            @Schema(nullable = true) @Nullable BigDecimal refundedUsd,

            @Schema(nullable = true, description = "What is reserved and charged never exceeds it; null = no limit")
            @Nullable
            BigDecimal budgetUsd) {}

    static BatchView of(Batch batch) {
        return new BatchView(
                batch.id(),
                batch.name(),
                batch.status(),
                batch.lane(),
                CountsView.of(batch.counts()),
                new CostView(
                        Usd.shown(batch.estimatedUsd()),
                        batch.unknownPrice(),
                        Usd.shown(batch.paid().reservedUsd()),
                        Usd.shown(batch.paid().chargedUsd()),
                        Usd.shown(batch.paid().refundedUsd()),
                        Usd.shown(batch.budgetUsd())),
                batch.etaSeconds(),
                batch.createdAt(),
                batch.endedAt());
    }
}
