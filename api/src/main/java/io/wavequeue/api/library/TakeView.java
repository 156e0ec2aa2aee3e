package io.wavequeue.api.library;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.admission.JsonRead;
import io.wavequeue.admission.StrictJson;
import io.wavequeue.api.status.JobView;
import io.wavequeue.library.Seed;
import io.wavequeue.store.TakeStore.Take;
import io.wavequeue.store.view.StoredJob;
import io.wavequeue.store.view.StoredJob.Attempt;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A take of a library. */
@Schema(name = "Take", description = "A rendering of a cue. Every field is always present, null where empty.")
record TakeView(
        @Schema(description = "Of the library") String name,
        @Schema(description = "Of the cue") String reference,
        int take,

        @Schema(
                description =
                        "By which its work is known again: SHA-256 over model, inputs with defaults, source clip, take")
        String key,

        @Schema(
                nullable = true,
                enumeration = {"picked", "rejected"})
        @Nullable
        String decision,

        @Schema(description = "Whose outputs it has, or will have")
        UUID jobId,

        @Schema(nullable = true, description = "Of the job; null = it is not kept any more") @Nullable
        String status,

        @Schema(nullable = true) @Nullable String model,

        @Schema(
                nullable = true,
                description = "That it was made with; null = the model has none, or the provider chose it")
        @Nullable
        Long seed,

        @Schema(nullable = true) @Nullable String predictionId,

        @Schema(description = "Its named files, below the folder of outputs")
        List<String> files,

        List<JobView.OutputView> outputs,

        @Schema(nullable = true, description = "For the job, over all attempts") @Nullable
        BigDecimal chargedUsd,

        @Schema(nullable = true) @Nullable Instant completedAt) {

    /** A page of takes. */
    @Schema(name = "TakePage")
    record Page(
            @Schema(description = "By reference and take") List<TakeView> items,

            @Schema(nullable = true, description = "Give it as cursor to get the next page; null = this was the last")
            @Nullable
            String nextCursor) {}

    static TakeView of(Take take, @Nullable StoredJob job) {
        @Nullable JobView view = job == null ? null : JobView.of(job);
        return new TakeView(
                take.library(),
                take.reference(),
                take.number(),
                take.contentKey(),
                take.decision(),
                take.job(),
                view == null ? null : view.status(),
                view == null ? null : view.model(),
                job == null ? null : seed(job.input()),
                job == null ? null : prediction(job.attempts()),
                take.files(),
                view == null ? List.of() : view.outputs(),
                view == null ? null : view.cost().chargedUsd(),
                job == null ? null : job.state().settledAt());
    }

    private static @Nullable Long seed(String input) {
        if (StrictJson.read(input.getBytes(StandardCharsets.UTF_8)) instanceof JsonRead.Value(JsonNode value)) {
            JsonNode seed = value.path(Seed.FIELD);
            return seed.isIntegralNumber() && seed.longValue() >= 0 ? seed.longValue() : null;
        }
        return null;
    }

    private static @Nullable String prediction(List<Attempt> attempts) {
        return attempts.isEmpty() ? null : attempts.getLast().predictionId();
    }
}
