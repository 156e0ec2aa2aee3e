package io.wavequeue.worker.archive;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.wavequeue.store.CheckStore.DueCheck;
import io.wavequeue.store.CheckStore.Origin;
import io.wavequeue.worker.audio.AudioVerdict;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the file beside an archived file says: what it is, where it comes from and what it cost. Every field is always there,
 * null where it is empty.
 *
 * @param file the archived file's name
 * @param seed the input's, as it was asked for
 * @param estimatedUsd of the job
 * @param chargedUsd of the attempt that made the file, as far as it was known when this was written; so is the refund
 * @param submittedAt of that attempt, as is its completion
 * @param audio null = files are not judged
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Sidecar(
        String file,
        @Nullable String contentType,
        long bytes,
        String sha256,
        @Nullable AudioVerdict audio,
        @Nullable UUID jobId,
        @Nullable String reference,
        @Nullable UUID batchId,
        @JsonRawValue @Nullable String labels,
        @Nullable String model,
        @JsonRawValue @Nullable String input,
        @Nullable JsonNode seed,
        @Nullable Integer attempt,
        @Nullable String predictionId,
        @Nullable BigDecimal estimatedUsd,
        @Nullable BigDecimal chargedUsd,
        @Nullable BigDecimal refundedUsd,
        @Nullable String createdAt,
        @Nullable String submittedAt,
        @Nullable String completedAt,
        String archivedAt) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Sidecar of(DueCheck output, @Nullable AudioVerdict audio) {
        Origin job = output.origin();
        String name = String.valueOf(Path.of(output.file()).getFileName());
        String archived = output.archivedAt().toString();
        if (job == null) {
            return new Sidecar(
                    name,
                    output.contentType(),
                    output.bytes(),
                    output.sha256(),
                    audio,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    output.predictionId(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    archived);
        }
        return new Sidecar(
                name,
                output.contentType(),
                output.bytes(),
                output.sha256(),
                audio,
                job.jobId(),
                job.reference(),
                job.batchId(),
                job.labels(),
                job.model(),
                job.input(),
                seed(job.input()),
                job.attempt(),
                output.predictionId(),
                shown(job.estimatedUsd()),
                shown(job.chargedUsd()),
                shown(job.refundedUsd()),
                job.createdAt().toString(),
                shown(job.submittedAt()),
                shown(job.completedAt()),
                archived);
    }

    private static @Nullable JsonNode seed(String input) {
        try {
            return JSON.readTree(input).get("seed");
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException("an input that was admitted is no JSON", impossible);
        }
    }

    private static @Nullable BigDecimal shown(@Nullable BigDecimal usd) {
        if (usd == null) {
            return null;
        }
        BigDecimal plain = usd.stripTrailingZeros();
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }

    private static @Nullable String shown(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
