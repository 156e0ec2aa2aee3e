package io.wavequeue.api.bulk;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.api.status.Usd;
import io.wavequeue.job.SkipReason;
import io.wavequeue.store.BulkOrder;
import io.wavequeue.store.BulkView.Outcome;
import io.wavequeue.store.BulkView.Progress;
import io.wavequeue.store.BulkView.Refused;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A replay: what it is about, how far it has come, who asked for it, and what became of it. */
@Schema(name = "Replay")
public record ReplayView(
        @Schema(nullable = true, description = "null = a dry run: nothing is kept") @Nullable
        UUID id,

        @Schema(enumeration = {"planned", "running", "paused", "aborted", "done"})
        String status,

        @Schema(description = "Jobs that it is about: chosen when it was made, and never again")
        int matched,

        @Schema(description = "Jobs that go, again or on, so far")
        int replayed,

        @Schema(description = "Jobs whose turn has not come")
        int waiting,

        @Schema(description = "Jobs that were left as they are, or in a dry run would be, by reason")
        Map<String, Integer> skipped,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(description = "Of a dry run: jobs that would be left as they are, the first 100, and why")
        @Nullable
        List<BulkJobView> skippedJobs,

        @Schema(
                nullable = true,
                description =
                        "What one attempt of each costs at today's prices, in USD, as of when it was made; without unknown"
                                + " prices, null = all are unknown")
        @Nullable
        BigDecimal estimatedUsd,

        @Schema(description = "Jobs whose price is not known")
        int unknownPrice,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(
                description =
                        "Of a dry run: the account's balance at the provider, in USD, as it was read last; not there = not known")
        @Nullable
        BigDecimal balanceUsd,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(
                description =
                        "Of a dry run: what is left of the current day's budget, in USD; what it does not cover is held. Not there = no limit")
        @Nullable
        BigDecimal budgetLeftUsd,

        @Schema(description = "What the jobs showed when it was made; none = no error")
        Map<String, Integer> byErrorClass,

        @Schema(description = "Jobs that go, or were to go when it was made")
        List<Tally.ByModel> byModel,

        @Schema(
                nullable = true,
                description =
                        "What became of the replayed ones, as of now: succeeded, failed, cancelled, held, under_way; null in lists")
        @Nullable
        Map<String, Integer> outcomes,

        @Schema(
                nullable = true,
                description = "Replayed ones that failed again, with the same fingerprint as before; null in lists")
        @Nullable
        Integer sameError,

        @Schema(
                nullable = true,
                description =
                        "What their attempts were charged since they were replayed, in USD, less what was refunded, as of now; null ="
                                + " nothing yet, and in lists")
        @Nullable
        BigDecimal chargedUsd,

        @Schema(
                nullable = true,
                description =
                        "Of a dry run: jobs that would go although their last replay ended in the error that they had before; null"
                                + " otherwise")
        @Nullable
        Integer failedAgain,

        @Schema(enumeration = {"jobs", "dead_letters"}) String source,

        @Schema(nullable = true, description = "Of dead letters: failed at or after this time") @Nullable
        String since,

        @Schema(nullable = true, description = "Of dead letters: failed before this time") @Nullable
        String until,

        @Schema(description = "It brings a batch to completeness")
        boolean missing,

        @JsonRawValue @Schema(type = SchemaType.OBJECT, nullable = true, description = "As it was asked for") @Nullable
        String filter,

        @JsonRawValue
        @Schema(type = SchemaType.OBJECT, nullable = true, description = "JSON merge patch of every input")
        @Nullable
        String inputOverrides,

        @Schema(nullable = true) @Nullable Integer ratePerMinute,

        @Schema(description = "What is replayed in spite of these reasons")
        List<String> force,

        @Schema(description = "Letters on the dead-letter topic that became no job, the first 100")
        List<Refused> refused,

        @Schema(description = "Letters on the dead-letter topic that became no job, all of them")
        int refusedCount,

        @Schema(nullable = true) @Nullable String requestedBy,
        @Schema(nullable = true) @Nullable String note,
        Instant createdAt,
        @Schema(nullable = true) @Nullable Instant endedAt) {

    /** @param purse null = it is not a dry run */
    static ReplayView of(@Nullable UUID id, Progress progress, @Nullable Purse purse) {
        BulkOrder order = progress.order();
        Tally tally = Tally.of(progress.counts());
        List<Outcome> outcomes = progress.outcomes();
        return new ReplayView(
                id,
                progress.status().code(),
                tally.matched(),
                tally.done(),
                tally.waiting(),
                tally.skipped(),
                BulkJobView.skipped(progress),
                tally.estimatedUsd(),
                tally.unknownPrice(),
                purse == null ? null : Usd.shown(purse.balance()),
                purse == null ? null : Usd.shown(purse.budgetLeft()),
                tally.byErrorClass(),
                tally.byModel(),
                outcomes == null ? null : outcomes(outcomes),
                outcomes == null ? null : sameError(outcomes),
                outcomes == null ? null : charged(outcomes),
                progress.failedAgain(),
                order.request().path(BulkOrder.SOURCE).asText(ReplayRequest.JOBS),
                order.request().path(ReplayRequest.SINCE).textValue(),
                order.request().path(ReplayRequest.UNTIL).textValue(),
                order.isMissing(),
                text(order.request().path(BodyFields.FILTER)),
                text(order.request().path(BulkOrder.OVERRIDES)),
                order.ratePerMinute(),
                order.forced().stream().map(SkipReason::code).toList(),
                progress.refused().first(),
                progress.refused().count(),
                order.requestedBy(),
                order.note(),
                progress.createdAt(),
                progress.endedAt());
    }

    private static int sameError(List<Outcome> found) {
        return found.stream().filter(Outcome::sameError).mapToInt(Outcome::jobs).sum();
    }

    private static @Nullable BigDecimal charged(List<Outcome> found) {
        return found.stream()
                .map(Outcome::chargedUsd)
                .filter(Objects::nonNull)
                .reduce(BigDecimal::add)
                .orElse(null);
    }

    private static Map<String, Integer> outcomes(List<Outcome> found) {
        Map<String, Integer> outcomes = new LinkedHashMap<>();
        for (String name : List.of("succeeded", "failed", "cancelled", "held", "under_way")) {
            outcomes.put(name, 0);
        }
        for (Outcome outcome : found) {
            String name = outcomes.containsKey(outcome.status()) ? outcome.status() : "under_way";
            outcomes.merge(name, outcome.jobs(), Integer::sum);
        }
        return outcomes;
    }

    static @Nullable String text(JsonNode json) {
        return json.isMissingNode() || json.isNull() ? null : json.toString();
    }
}
