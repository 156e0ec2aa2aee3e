package io.wavequeue.api.status;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.wavequeue.store.view.StoredJob;
import io.wavequeue.store.view.StoredJob.Attempt;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A job in the form of the REST contract: every field is always there, null where it is empty. */
@Schema(name = "Job", description = "One request for a generation. Every field is always present, null where empty.")
public record JobView(
        UUID id,

        @Schema(description = "queued, submitting, uncertain, running, held, succeeded, failed or cancelled")
        String status,

        boolean cancelRequested,

        @Schema(
                nullable = true,
                description =
                        "What a held job waits for: paused, budget, out_of_credits, unauthorized, uncertain_submission")
        @Nullable
        String holdReason,

        @Schema(examples = "stability-ai/stable-audio-3/music")
        String model,

        @JsonRawValue
        @Schema(type = SchemaType.OBJECT, description = "Exactly as it was asked for, without the model's defaults")
        String input,

        @Schema(nullable = true) @Nullable String reference,
        @Schema(description = "interactive or bulk") String lane,

        @JsonRawValue @Schema(type = SchemaType.OBJECT, description = "An object of texts")
        String labels,

        @Schema(nullable = true) @Nullable UUID batchId,
        int maxAttempts,
        List<AttemptView> attempts,
        List<OutputView> outputs,
        CostView cost,
        TimingsView timings,
        @Schema(nullable = true) @Nullable ErrorView error,

        @Schema(description = "How often a person had it go again after it had ended, and what it was then")
        List<ReplayedView> replays,

        @Schema(nullable = true, description = "What the replays came to", examples = "replayed 2 times, same error")
        @Nullable
        String replayNote) {

    private static final String CURRENCY = "USD";
    private static final String FAILED = "failed";

    /** A POST to the provider that may have been accepted. */
    @Schema(name = "Attempt")
    public record AttemptView(
            int number,

            @Schema(description = "submitting, accepted, refused, uncertain, not_created, completed or failed")
            String status,

            @Schema(nullable = true) @Nullable String predictionId,
            @Schema(nullable = true) @Nullable Instant submittedAt,
            @Schema(nullable = true) @Nullable Instant acceptedAt,
            @Schema(nullable = true) @Nullable Instant completedAt,
            int polls,
            @Schema(nullable = true) @Nullable Integer inferenceMs,
            @Schema(nullable = true) @Nullable BigDecimal chargedUsd,
            @Schema(nullable = true) @Nullable BigDecimal refundedUsd,
            @Schema(nullable = true) @Nullable ErrorView error) {}

    /** A generated clip. */
    @Schema(name = "Output")
    public record OutputView(
            @Schema(description = "Where the provider keeps it, for 7 days")
            String url,

            @Schema(nullable = true, description = "Path below the folder of outputs; null until it is archived")
            @Nullable
            String file,

            @Schema(nullable = true) @Nullable String contentType,
            @Schema(nullable = true) @Nullable Long bytes,
            @Schema(nullable = true) @Nullable String sha256,
            @Schema(nullable = true) @Nullable Instant archivedAt,

            @Schema(
                    nullable = true,
                    description =
                            "When it was given up: it was not archived while the provider kept it. error says why; it is not"
                                    + " fetched any more")
            @Nullable
            Instant lostAt,

            @Schema(nullable = true, description = "Why it was lost, or could not be fetched so far") @Nullable
            String error,

            @JsonRawValue
            @Schema(
                    type = SchemaType.OBJECT,
                    nullable = true,
                    description =
                            "What the archived file was found to be: verdict (ok, suspect, broken, unknown), reasons, format,"
                                    + " duration_s, sample_rate, channels, peak_dbfs, loudness_lufs, true_peak_dbtp; null until"
                                    + " it was looked at")
            @Nullable
            String audio) {}

    /** Sums over the attempts. */
    @Schema(name = "Cost", description = "In USD; null = not known")
    public record CostView(
            @Schema(nullable = true) @Nullable BigDecimal estimatedUsd,
            @Schema(nullable = true) @Nullable BigDecimal chargedUsd,
            @Schema(nullable = true) @Nullable BigDecimal refundedUsd,
            String currency) {}

    /** Why a job or an attempt ended badly, or waits. */
    @Schema(name = "JobError")
    public record ErrorView(@JsonProperty("class") String errorClass, String message, boolean retryable) {}

    /** What the job was when a person had it go again. */
    @Schema(name = "JobReplay")
    public record ReplayedView(
            int number,
            @Schema(description = "The replay that did it") UUID replayId,
            Instant at,

            @Schema(nullable = true, description = "Why it had failed; null = it had not") @Nullable
            ErrorView error,

            @JsonRawValue
            @Schema(
                    type = SchemaType.OBJECT,
                    nullable = true,
                    description = "The input before; null = the replay did not change it")
            @Nullable
            String input) {}

    /** The job as its rows tell it. */
    public static JobView of(StoredJob job) {
        return new JobView(
                job.id(),
                job.state().status(),
                job.state().cancelRequested(),
                job.state().holdReason(),
                job.model(),
                job.input(),
                job.reference(),
                job.lane(),
                job.labels(),
                job.batchId(),
                job.maxAttempts(),
                job.attempts().stream().map(JobView::attempt).toList(),
                job.outputs().stream().map(JobView::output).toList(),
                new CostView(
                        Usd.shown(job.estimatedUsd()),
                        sum(job.attempts(), Attempt::chargedUsd),
                        sum(job.attempts(), Attempt::refundedUsd),
                        CURRENCY),
                TimingsView.of(job),
                error(job.state().error()),
                job.replays().stream().map(JobView::replayed).toList(),
                note(job));
    }

    private static ReplayedView replayed(StoredJob.Replay replay) {
        return new ReplayedView(replay.number(), replay.replayId(), replay.at(), error(replay.error()), replay.input());
    }

    /** Whether the last replay was any good. */
    private static @Nullable String note(StoredJob job) {
        if (job.replays().isEmpty()) {
            return null;
        }
        int times = job.replays().size();
        String note = "replayed " + times + (times == 1 ? " time" : " times");
        if (!job.state().status().equals(FAILED)) {
            return note;
        }
        return note + (job.replays().getLast().sameError() ? ", same error" : ", another error");
    }

    private static AttemptView attempt(Attempt attempt) {
        return new AttemptView(
                attempt.number(),
                attempt.status(),
                attempt.predictionId(),
                attempt.submittedAt(),
                attempt.acceptedAt(),
                attempt.completedAt(),
                attempt.polls(),
                attempt.inferenceMs(),
                Usd.shown(attempt.chargedUsd()),
                Usd.shown(attempt.refundedUsd()),
                error(attempt.error()));
    }

    private static OutputView output(StoredJob.Output output) {
        return new OutputView(
                output.url(),
                output.file(),
                output.contentType(),
                output.bytes(),
                output.sha256(),
                output.archivedAt(),
                output.lostAt(),
                output.error(),
                output.audio());
    }

    private static @Nullable ErrorView error(StoredJob.@Nullable Error error) {
        return error == null ? null : new ErrorView(error.errorClass(), error.message(), error.retryable());
    }

    /** What is not known is left out; null when nothing is known. */
    private static @Nullable BigDecimal sum(List<Attempt> attempts, Function<Attempt, @Nullable BigDecimal> amount) {
        return Usd.shown(attempts.stream()
                .map(amount)
                .filter(Objects::nonNull)
                .reduce(BigDecimal::add)
                .orElse(null));
    }
}
