package io.wavequeue.api.costs;

import io.wavequeue.api.status.Usd;
import io.wavequeue.store.view.DifferenceCursor;
import io.wavequeue.store.view.DifferenceViews;
import io.wavequeue.store.view.DifferenceViews.Difference;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of differences. */
@Schema(name = "CostDifferencePage")
public record DifferencePage(
        @Schema(description = "Open ones first, each newest first")
        List<Item> items,

        @Schema(nullable = true, description = "Give it as cursor to get the next page; null = this was the last")
        @Nullable
        String nextCursor) {

    /** One difference. */
    @Schema(name = "CostDifference", description = "In USD")
    public record Item(
            @Schema(description = "Names it in POST /v1/costs/differences/{id}/accept")
            long id,

            @Schema(description = "charged_twice, charged_without_job, not_ours, other_price or refund_missing")
            String kind,

            @Schema(nullable = true, description = "null = the line of the bill is about no prediction") @Nullable
            String predictionId,

            @Schema(
                    nullable = true,
                    description = "The job, or the only one that an unknown charge may belong to; null = none known")
            @Nullable
            UUID jobId,

            @Schema(nullable = true, description = "As the catalogue or the bill names it") @Nullable
            String model,

            @Schema(nullable = true, description = "What should remain charged; null = not known") @Nullable
            BigDecimal expectedUsd,

            @Schema(description = "What remains charged, refunds taken off. Of a resolved one: what it was before that")
            BigDecimal billedUsd,

            @Schema(
                    description =
                            "true = none of its model is submitted: it was charged above what was reserved, until its price is accepted")
            boolean stopsModel,

            @Schema(description = "Or when it was opened again")
            Instant firstSeenAt,

            @Schema(nullable = true, description = "When its cause was gone; null = open") @Nullable
            Instant resolvedAt) {
        static Item of(Difference difference) {
            return new Item(
                    difference.id(),
                    difference.kind(),
                    difference.predictionId(),
                    difference.jobId(),
                    difference.model(),
                    Usd.shown(difference.expectedUsd()),
                    Objects.requireNonNull(Usd.shown(difference.billedUsd())),
                    difference.stopsModel(),
                    difference.firstSeenAt(),
                    difference.resolvedAt());
        }
    }

    static DifferencePage of(DifferenceViews.Page page) {
        DifferenceCursor next = page.next();
        return new DifferencePage(
                page.differences().stream().map(Item::of).toList(), next == null ? null : next.text());
    }
}
