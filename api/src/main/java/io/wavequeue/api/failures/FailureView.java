package io.wavequeue.api.failures;

import io.wavequeue.api.status.Usd;
import io.wavequeue.store.FailureStore.Cause;
import io.wavequeue.store.FailureStore.Example;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Failed jobs of one cause. */
@Schema(
        name = "Failure",
        description =
                "Jobs of one model that failed with one class and one message, but for ids, addresses and numbers")
public record FailureView(
        @Schema(description = "Chooses these jobs in every filter; the same for the same cause at any time")
        String fingerprint,

        String errorClass,
        String model,

        @Schema(
                description = "What their messages have in common",
                example = "prediction <id> did not end within <n> s; it may still end and is paid")
        String message,

        @Schema(description = "The same request may succeed as it is")
        boolean retryable,

        long jobs,

        @Schema(description = "When the first of them failed")
        Instant firstSeen,

        @Schema(description = "When the last of them failed")
        Instant lastSeen,

        @Schema(
                nullable = true,
                description =
                        "What replaying all of them is expected to cost; unknown prices are left out, null = all are unknown")
        @Nullable
        BigDecimal estimatedUsd,

        @Schema(description = "Jobs whose price is unknown") long unknownPrice,

        @Schema(
                nullable = true,
                description = "What was paid for all their attempts, less what came back; null = no charge is known")
        @Nullable
        BigDecimal chargedUsd,

        @Schema(description = "Jobs that were replayed before")
        long replayed,

        @Schema(description = "Of those, the ones that had failed of the same before their last replay")
        long sameError,

        @Schema(
                description =
                        "Jobs that were replayed as often as they may be: a replay leaves them out unless it is forced")
        long parked,

        @Schema(
                nullable = true,
                description = "What replays have brought so far; null = none was replayed",
                example = "12 of 40 were replayed, up to 2 times: same error")
        @Nullable
        String note,

        @Schema(description = "The one that failed last") FailureExample example) {

    /** One of them. */
    @Schema(name = "FailureExample")
    public record FailureExample(
            UUID id,
            @Schema(nullable = true) @Nullable String reference,
            @Schema(nullable = true) @Nullable UUID batchId,
            @Schema(description = "The message as it was") String message,
            Instant failedAt) {
        static FailureExample of(Example job) {
            return new FailureExample(job.id(), job.reference(), job.batchId(), job.message(), job.failedAt());
        }
    }

    static FailureView of(Cause cause) {
        return new FailureView(
                cause.fingerprint(),
                cause.errorClass(),
                cause.model(),
                cause.pattern(),
                cause.retryable(),
                cause.jobs(),
                cause.firstSeen(),
                cause.lastSeen(),
                Usd.shown(cause.estimatedUsd()),
                cause.unknownPrice(),
                Usd.shown(cause.chargedUsd()),
                cause.replayed(),
                cause.sameError(),
                cause.parked(),
                note(cause),
                FailureExample.of(cause.newest()));
    }

    private static @Nullable String note(Cause cause) {
        if (cause.replayed() == 0) {
            return null;
        }
        String times = cause.mostReplays() == 1 ? "once" : cause.mostReplays() + " times";
        return (cause.jobs() == 1
                        ? "replayed " + times
                        : cause.replayed() + " of " + cause.jobs() + " were replayed, "
                                + (cause.mostReplays() == 1 ? "once" : "up to " + times))
                + ": " + outcome(cause);
    }

    private static String outcome(Cause cause) {
        if (cause.sameError() == cause.replayed()) {
            return "same error";
        }
        return cause.sameError() == 0 ? "another error before" : cause.sameError() + " with the same error";
    }
}
