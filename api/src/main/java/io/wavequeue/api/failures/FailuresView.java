package io.wavequeue.api.failures;

import io.wavequeue.api.status.Usd;
import io.wavequeue.store.FailureStore.Failures;
import java.math.BigDecimal;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What jobs failed of, by group and in all. */
@Schema(name = "Failures")
public record FailuresView(
        @Schema(description = "Those of most jobs first, then the latest")
        List<FailureView> items,

        FailuresTotal total) {

    /** All groups, also those beyond the limit. */
    @Schema(name = "FailuresTotal", description = "Of all groups, also those beyond the limit")
    public record FailuresTotal(
            long groups,
            long jobs,

            @Schema(nullable = true, description = "As in the groups") @Nullable
            BigDecimal estimatedUsd,

            long unknownPrice,

            @Schema(nullable = true, description = "As in the groups") @Nullable
            BigDecimal chargedUsd) {}

    static FailuresView of(Failures failures) {
        return new FailuresView(
                failures.causes().stream().map(FailureView::of).toList(),
                new FailuresTotal(
                        failures.total().groups(),
                        failures.total().jobs(),
                        Usd.shown(failures.total().estimatedUsd()),
                        failures.total().unknownPrice(),
                        Usd.shown(failures.total().chargedUsd())));
    }
}
