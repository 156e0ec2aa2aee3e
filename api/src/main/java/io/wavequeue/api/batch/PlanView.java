package io.wavequeue.api.batch;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.wavequeue.api.status.Usd;
import io.wavequeue.store.Comparison;
import io.wavequeue.store.Comparison.ModelSum;
import io.wavequeue.store.TakeAction;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A plan in the form of the REST contract: every field is always there, null where it is empty. */
@Schema(
        name = "Plan",
        description = "What a file of cues would make, change and leave alone in its library. Counts are of takes.")
record PlanView(
        UUID id,

        @Schema(nullable = true, description = "The library; null = none was named, and everything is new") @Nullable
        String name,

        @Schema(description = "Requests in the file") long lines,

        @Schema(description = "What would be made and paid: new, changed and retake, less reused")
        long jobs,

        @Schema(
                nullable = true,
                description = "Of the jobs whose price is known; null = there are jobs, and no price is")
        @Nullable
        BigDecimal estimatedUsd,

        @Schema(description = "Jobs whose price is not known")
        long unknownPrice,

        List<ModelView> byModel,

        @JsonProperty("new") @Schema(description = "The library has nothing of them that could serve")
        long newTakes,

        @Schema(description = "The library has them by another model, input or source clip")
        long changed,

        @Schema(description = "They are there, or being made")
        long unchanged,

        @Schema(description = "The library has them, and the file does not ask for them any more. They stay")
        long orphaned,

        @Schema(
                description =
                        "They are there and made again: rejected by a person, or by what retake says of their audio")
        long retake,

        @Schema(
                description =
                        "New or changed ones for which an archived result of the same work serves; they cost nothing")
        long reused,

        @Schema(nullable = true, description = "Until the jobs would have ended, behind all that waits by now")
        @Nullable
        Long expectedSeconds,

        @Schema(nullable = true, description = "The account's, as it was read last") @Nullable
        BigDecimal balanceUsd,

        @Schema(nullable = true, description = "As it was asked for") @Nullable
        BigDecimal budgetUsd,

        Instant createdAt,

        @Schema(nullable = true, description = "The batch that it became; null = it was not applied") @Nullable
        UUID batchId) {

    /** Jobs of one model. */
    @Schema(name = "PlanModel")
    record ModelView(
            String model,
            long jobs,
            @Schema(nullable = true) @Nullable BigDecimal estimatedUsd,

            @Schema(nullable = true, description = "What the provider asks; null = it was not asked (prices=quote)")
            @Nullable
            QuoteView quote) {
        static ModelView of(ModelSum sum, PlanOutlook outlook) {
            return new ModelView(
                    sum.model(),
                    sum.jobs(),
                    Usd.shown(sum.estimatedUsd()),
                    outlook.of(sum).map(QuoteView::of).orElse(null));
        }
    }

    /** The provider's price beside the catalogue's. Nothing is reserved by it. */
    @Schema(name = "PlanQuote")
    record QuoteView(
            @Schema(nullable = true, description = "Before any discount; null = not known, and remarks say why")
            @Nullable
            BigDecimal quotedUsd,

            @Schema(nullable = true, description = "What is to be paid") @Nullable
            BigDecimal discountedUsd,

            @Schema(nullable = true) @Nullable BigDecimal discountPercent,
            @Schema(nullable = true) @Nullable Instant quotedAt,
            List<String> remarks) {
        static QuoteView of(PlanOutlook.Asked asked) {
            return new QuoteView(
                    Usd.shown(asked.quotedUsd()),
                    Usd.shown(asked.discountedUsd()),
                    Usd.shown(asked.quote().discountPercent()),
                    asked.quote().quotedAt(),
                    asked.quote().remarks());
        }
    }

    static PlanView of(
            UUID id, BatchRequest asked, long lines, Comparison comparison, PlanOutlook outlook, Instant createdAt) {
        return new PlanView(
                id,
                asked.name(),
                lines,
                comparison.jobs(),
                Usd.shown(comparison.estimatedUsd()),
                comparison.unknownPrice(),
                comparison.models().stream()
                        .map(sum -> ModelView.of(sum, outlook))
                        .toList(),
                comparison.count(TakeAction.NEW),
                comparison.count(TakeAction.CHANGED),
                comparison.count(TakeAction.UNCHANGED),
                comparison.count(TakeAction.ORPHANED),
                comparison.count(TakeAction.RETAKE),
                comparison.count(TakeAction.REUSED),
                outlook.expectedSeconds(),
                Usd.shown(outlook.balanceUsd()),
                Usd.shown(asked.budgetUsd()),
                createdAt,
                null);
    }
}
