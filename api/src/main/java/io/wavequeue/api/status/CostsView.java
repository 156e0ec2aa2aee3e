package io.wavequeue.api.status;

import io.wavequeue.store.view.CostViews.CostSum;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What jobs cost, by group and in all. */
@Schema(
        name = "Costs",
        description =
                "In USD. Amounts that are not known are left out of the sums; a sum of which nothing is known is null.")
public record CostsView(List<Item> items, Total total) {

    /** One group. */
    @Schema(name = "CostItem")
    public record Item(
            @Schema(nullable = true, description = "The group; null = jobs without a batch, or without that label")
            @Nullable
            String key,

            long jobs,
            @Schema(nullable = true) @Nullable BigDecimal estimatedUsd,
            @Schema(nullable = true) @Nullable BigDecimal chargedUsd,
            @Schema(nullable = true) @Nullable BigDecimal refundedUsd) {}

    /** All groups. */
    @Schema(name = "CostTotal")
    public record Total(
            long jobs,
            @Schema(nullable = true) @Nullable BigDecimal estimatedUsd,
            @Schema(nullable = true) @Nullable BigDecimal chargedUsd,
            @Schema(nullable = true) @Nullable BigDecimal refundedUsd) {}

    static CostsView of(List<CostSum> sums) {
        List<Item> items = sums.stream()
                .map(sum -> new Item(
                        sum.key(),
                        sum.jobs(),
                        Usd.shown(sum.estimatedUsd()),
                        Usd.shown(sum.chargedUsd()),
                        Usd.shown(sum.refundedUsd())))
                .toList();
        return new CostsView(
                items,
                new Total(
                        sums.stream().mapToLong(CostSum::jobs).sum(),
                        total(sums, CostSum::estimatedUsd),
                        total(sums, CostSum::chargedUsd),
                        total(sums, CostSum::refundedUsd)));
    }

    /** No jobs have cost nothing; jobs of which nothing is known have cost nobody knows what. */
    private static @Nullable BigDecimal total(List<CostSum> sums, Function<CostSum, @Nullable BigDecimal> amount) {
        if (sums.isEmpty()) {
            return BigDecimal.ZERO;
        }
        return Usd.shown(sums.stream()
                .map(amount)
                .filter(Objects::nonNull)
                .reduce(BigDecimal::add)
                .orElse(null));
    }
}
