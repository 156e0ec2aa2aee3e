package io.wavequeue.api.library;

import io.wavequeue.api.status.Usd;
import io.wavequeue.store.PlanStore.Item;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A page of what a plan names. */
@Schema(name = "PlanItems")
record PlanItemsView(
        @Schema(description = "In the order of the file; orphaned ones last")
        List<ItemView> items,

        @Schema(nullable = true, description = "Give it as cursor to get the next page; null = this was the last")
        @Nullable
        String nextCursor) {

    /** A take that a plan names. */
    @Schema(name = "PlanItem", description = "Every field is always present, null where empty.")
    record ItemView(
            @Schema(nullable = true, description = "Of the file; null = orphaned") @Nullable
            Integer line,

            String reference,
            int take,

            @Schema(enumeration = {"new", "changed", "retake", "reused", "orphaned"})
            String action,

            @Schema(nullable = true, description = "Why it is not left alone, where that says more than the action")
            @Nullable
            String reason,

            @Schema(nullable = true) @Nullable String model,

            @Schema(nullable = true, description = "By which its work is known again") @Nullable
            String key,

            @Schema(nullable = true, description = "Of what the library has") @Nullable
            String previousKey,

            @Schema(nullable = true, description = "Whose outputs the library has; of a reused one, whose it will have")
            @Nullable
            UUID previousJobId,

            @Schema(nullable = true) @Nullable BigDecimal estimatedUsd,

            @Schema(nullable = true, description = "Of its file, without extension") @Nullable
            String name) {
        static ItemView of(Item item) {
            return new ItemView(
                    item.line(),
                    item.reference(),
                    item.take(),
                    item.action().code(),
                    item.reason(),
                    item.model(),
                    item.key(),
                    item.previousKey(),
                    item.previousJob(),
                    Usd.shown(item.estimatedUsd()),
                    item.name());
        }
    }
}
