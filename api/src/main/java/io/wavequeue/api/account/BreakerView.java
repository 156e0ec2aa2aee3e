package io.wavequeue.api.account;

import io.wavequeue.job.Breaker;
import io.wavequeue.job.Breakers;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The breaker that matters most, and the others: the account's first, then open ones by age. */
@Schema(name = "Breaker")
record BreakerView(
        @Schema(description = "a model, or * for the whole account")
        String scope,

        @Schema(
                enumeration = {"open", "closed"},
                description = "closed: failures are counted, nothing is stopped")
        String state,

        @Schema(nullable = true, description = "When it opened; null = closed") @Nullable
        Instant since,

        @Schema(nullable = true, description = "No submit before; null = closed") @Nullable
        Instant nextProbeAt,

        @Schema(description = "Unanswered submits in a row") int failures,

        @Schema(enumeration = {"unanswered", "out_of_credits"})
        String cause,

        @Schema(description = "What happened last") String reason,

        List<BreakerView> others) {

    private static final Comparator<Breaker> GRAVEST_FIRST = Comparator.comparing(
                    (Breaker breaker) -> !breaker.isAccount())
            .thenComparing(breaker -> !breaker.isOpen())
            .thenComparing(breaker -> breaker.openedAt() == null ? Instant.MAX : breaker.openedAt())
            .thenComparing(Breaker::scope);

    static @Nullable BreakerView of(Breakers breakers) {
        List<Breaker> sorted = breakers.all().stream().sorted(GRAVEST_FIRST).toList();
        return sorted.isEmpty()
                ? null
                : of(
                        sorted.getFirst(),
                        sorted.stream()
                                .skip(1)
                                .map(other -> of(other, List.of()))
                                .toList());
    }

    private static BreakerView of(Breaker breaker, List<BreakerView> others) {
        return new BreakerView(
                breaker.scope(),
                breaker.isOpen() ? "open" : "closed",
                breaker.openedAt(),
                breaker.probeAt(),
                breaker.failures(),
                breaker.cause().code(),
                breaker.reason(),
                others);
    }
}
