package io.wavequeue.worker.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.wavequeue.storage.StorageException;
import io.wavequeue.storage.Storages;
import io.wavequeue.store.CheckStore.DueCheck;
import io.wavequeue.store.CheckStore.Origin;
import io.wavequeue.worker.audio.AudioVerdict;
import io.wavequeue.worker.audio.Reason;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SidecarsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID JOB = UUID.fromString("01a1fe93-d73c-7de8-8d51-73729471e5d5");

    @TempDir
    Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        Files.createDirectory(folder.resolve("day"));
    }

    private static DueCheck output(@Nullable Origin origin) {
        return new DueCheck(
                1, "day/clip_0.wav", "audio/wav", 44, "ab12", Instant.parse("2026-11-22T01:02:03Z"), "p-1", origin);
    }

    private static Origin origin(String input) {
        return new Origin(
                JOB,
                "ui/click",
                null,
                "stability-ai/stable-audio-3/music",
                "{\"scene\": \"menu\"}",
                input,
                Instant.parse("2026-11-22T01:00:00Z"),
                new BigDecimal("0.021700"),
                2,
                Instant.parse("2026-11-22T01:01:00Z"),
                Instant.parse("2026-11-22T01:02:00Z"),
                new BigDecimal("100.000000"),
                null);
    }

    private void assertSidecar(String expected) throws IOException {
        assertThat(JSON.readTree(folder.resolve("day/clip_0.wav.json").toFile()))
                .isEqualTo(JSON.readTree(expected));
    }

    @Test
    void shouldSayWhatTheFileIsAndWhereItComesFrom() throws IOException {
        Sidecars sidecars = new Sidecars(Storages.folder(folder));

        sidecars.write(
                output(origin("{\"prompt\":\"click\",\"guidance_scale\":1.50,\"seed\":7}")),
                AudioVerdict.unknown(Reason.NO_DECODER));

        assertSidecar("""
                {"file": "clip_0.wav", "content_type": "audio/wav", "bytes": 44, "sha256": "ab12",
                 "audio": {"verdict": "unknown", "reasons": ["no_decoder"], "format": null, "duration_s": null,
                           "sample_rate": null, "channels": null, "peak_dbfs": null, "loudness_lufs": null,
                           "true_peak_dbtp": null},
                 "job_id": "01a1fe93-d73c-7de8-8d51-73729471e5d5", "reference": "ui/click", "batch_id": null,
                 "labels": {"scene": "menu"}, "model": "stability-ai/stable-audio-3/music",
                 "input": {"prompt": "click", "guidance_scale": 1.50, "seed": 7}, "seed": 7, "attempt": 2,
                 "prediction_id": "p-1", "estimated_usd": 0.0217, "charged_usd": 100, "refunded_usd": null,
                 "created_at": "2026-11-22T01:00:00Z", "submitted_at": "2026-11-22T01:01:00Z",
                 "completed_at": "2026-11-22T01:02:00Z", "archived_at": "2026-11-22T01:02:03Z"}
                """);
        assertThat(Files.readString(folder.resolve("day/clip_0.wav.json"))).contains("1.50");
    }

    @Test
    void shouldReplaceTheOneThatIsThereAndLeaveNothingElse() throws IOException {
        Sidecars sidecars = new Sidecars(Storages.folder(folder));
        sidecars.write(output(origin("{\"prompt\":\"click\"}")), null);

        sidecars.write(output(null), null);

        assertSidecar("""
                {"file": "clip_0.wav", "content_type": "audio/wav", "bytes": 44, "sha256": "ab12", "audio": null,
                 "job_id": null, "reference": null, "batch_id": null, "labels": null, "model": null, "input": null,
                 "seed": null, "attempt": null, "prediction_id": "p-1", "estimated_usd": null, "charged_usd": null,
                 "refunded_usd": null, "created_at": null, "submitted_at": null, "completed_at": null,
                 "archived_at": "2026-11-22T01:02:03Z"}
                """);
        try (Stream<Path> files = Files.list(folder.resolve("day"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void shouldFailWhenItCannotBeWritten() throws IOException {
        Files.delete(folder.resolve("day"));
        Files.writeString(folder.resolve("day"), "no folder");

        assertThatThrownBy(() -> new Sidecars(Storages.folder(folder)).write(output(null), null))
                .isInstanceOf(StorageException.class);
    }
}
