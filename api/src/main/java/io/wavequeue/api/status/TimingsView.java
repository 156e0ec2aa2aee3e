package io.wavequeue.api.status;

import io.wavequeue.store.view.StoredJob;
import io.wavequeue.store.view.StoredJob.Attempt;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * When things happened, and how long they took. Those between acceptance and result are the last attempt's. Durations
 * are whole milliseconds and never negative, though the database's and a worker's clock may differ a little.
 *
 * @param completedAt when the job ended
 * @param queuedMs from creation, or the last replay, to the last submit
 * @param submitMs from the last submit to its acceptance
 * @param runningMs from acceptance to the prediction's end
 * @param inferenceMs as the provider tells it
 * @param detectMs between the last poll that found it running and the one that found it done
 * @param totalMs from creation, or the last replay, to the job's end
 */
@Schema(name = "Timings")
public record TimingsView(
        Instant createdAt,
        @Schema(nullable = true) @Nullable Instant submittedAt,
        @Schema(nullable = true) @Nullable Instant completedAt,
        @Schema(nullable = true) @Nullable Long queuedMs,
        @Schema(nullable = true) @Nullable Long submitMs,
        @Schema(nullable = true) @Nullable Long runningMs,
        @Schema(nullable = true) @Nullable Long inferenceMs,
        @Schema(nullable = true) @Nullable Long detectMs,
        @Schema(nullable = true) @Nullable Long totalMs) {

    static TimingsView of(StoredJob job) {
        Instant created = job.state().createdAt();
        Instant began =
                job.replays().isEmpty() ? created : job.replays().getLast().at();
        Instant settled = job.state().settledAt();
        Long total = millis(began, settled);
        if (job.attempts().isEmpty()) {
            return new TimingsView(created, null, settled, null, null, null, null, null, total);
        }
        Attempt last = job.attempts().getLast();
        return new TimingsView(
                created,
                last.submittedAt(),
                settled,
                millis(began, last.submittedAt()),
                millis(last.submittedAt(), last.acceptedAt()),
                millis(last.acceptedAt(), last.completedAt()),
                whole(last.inferenceMs()),
                whole(last.detectMs()),
                total);
    }

    private static @Nullable Long millis(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null
                ? null
                : (Long) Math.max(0, Duration.between(from, to).toMillis());
    }

    private static @Nullable Long whole(@Nullable Integer millis) {
        return millis == null ? null : (Long) millis.longValue();
    }
}
