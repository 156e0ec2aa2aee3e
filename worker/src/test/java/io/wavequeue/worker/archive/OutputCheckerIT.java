package io.wavequeue.worker.archive;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.storage.OutputStorage;
import io.wavequeue.store.CheckStore;
import io.wavequeue.test.ServersResource;
import io.wavequeue.wiring.WavequeueConfig;
import io.wavequeue.worker.Jobs;
import io.wavequeue.worker.SimulatorResource;
import io.wavequeue.worker.run.Heartbeat;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The worker of these tests looks at nothing by itself; a checker is cranked by hand. */
@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
class OutputCheckerIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    Jobs jobs;

    @Inject
    CheckStore store;

    @Inject
    Archiver archiver;

    @Inject
    Catalogue catalogue;

    @Inject
    WavequeueConfig config;

    @Inject
    OutputStorage storage;

    @Inject
    Heartbeat heartbeat;

    Simulator simulator;

    @BeforeEach
    void beginAnew() {
        jobs.beginAnew(simulator);
    }

    private record Wanted(boolean check, boolean sidecars) implements OutputConfig {
        @Override
        public boolean names() {
            return false;
        }

        @Override
        public boolean ffmpeg() {
            return false;
        }

        @Override
        public Duration patience() {
            return Duration.ofMinutes(1);
        }
    }

    private int step(boolean check, boolean sidecars) {
        OutputChecker checker = new OutputChecker(
                store, archiver, catalogue, storage, heartbeat, new Wanted(check, sidecars), new SimpleMeterRegistry());
        try {
            return checker.step();
        } finally {
            checker.onStop(new ShutdownEvent());
        }
    }

    /** An archived clip of a second, to be looked at, and no other; its row. */
    private Map<String, Object> archived(String prompt) {
        UUID job = jobs.music(prompt);
        jobs.await(job, "succeeded");
        jobs.awaitArchived(job);
        jobs.execute("update output set check_at = case when job_id = '%s' then now() end".formatted(job));
        return row(job);
    }

    private Map<String, Object> row(UUID job) {
        return jobs.row("select job_id, file, audio::text, check_at from output where job_id = ?", job);
    }

    private Path file(Map<String, Object> output) {
        return config.dataDir().resolve("outputs").resolve(String.valueOf(output.get("file")));
    }

    @Test
    void shouldWriteDownWhatAFileIsInItsRowAndBesideIt() throws IOException {
        Map<String, Object> output = archived("a door");
        UUID job = (UUID) output.get("job_id");

        assertThat(step(true, true)).isEqualTo(1);

        Map<String, Object> looked = row(job);
        assertThat(looked.get("check_at")).isNull();
        JsonNode audio = JSON.readTree((String) looked.get("audio"));
        assertThat(audio.path("verdict").asText()).isEqualTo("ok");
        assertThat(audio.path("format").asText()).isEqualTo("wav");
        assertThat(audio.path("duration_s").asDouble()).isEqualTo(1);
        JsonNode beside = JSON.readTree(Path.of(file(output) + ".json").toFile());
        assertThat(beside.path("audio")).isEqualTo(audio);
        assertThat(beside.path("job_id").asText()).isEqualTo(job.toString());
        assertThat(beside.path("input").path("prompt").asText()).isEqualTo("a door");
        assertThat(beside.path("charged_usd").decimalValue()).isEqualByComparingTo("0.0217");
        assertThat(beside.path("prediction_id").asText())
                .isEqualTo(jobs.attempts(job).getFirst().get("prediction_id"));
        assertThat(step(true, true)).isZero();
    }

    @Test
    void shouldLeaveTheJobAndTheFileAsTheyAreWhenItIsBroken() throws IOException {
        Map<String, Object> output = archived("broken");
        byte[] half = new byte[4_000];
        System.arraycopy(Files.readAllBytes(file(output)), 0, half, 0, half.length);
        Files.write(file(output), half);

        step(true, false);

        UUID job = (UUID) output.get("job_id");
        assertThat(JSON.readTree((String) row(job).get("audio")).path("verdict").asText())
                .isEqualTo("broken");
        assertThat(jobs.row("select status from job where id = ?", job)).containsEntry("status", "succeeded");
        assertThat(file(output)).hasBinaryContent(half);
        assertThat(Path.of(file(output) + ".json")).doesNotExist();
    }

    @Test
    void shouldSayUnknownWhenTheFileIsGone() throws IOException {
        Map<String, Object> output = archived("gone");
        Files.delete(file(output));

        step(true, true);

        assertThat(JSON.readTree((String) row((UUID) output.get("job_id")).get("audio"))
                        .path("reasons"))
                .isEqualTo(JSON.readTree("[\"file_unreadable\"]"));
        assertThat(Path.of(file(output) + ".json")).doesNotExist();
    }

    @Test
    void shouldDescribeWithoutJudgingWhenOnlyThatIsWanted() throws IOException {
        Map<String, Object> output = archived("described");

        step(false, true);

        Map<String, Object> looked = row((UUID) output.get("job_id"));
        assertThat(looked.get("audio")).isNull();
        assertThat(looked.get("check_at")).isNull();
        assertThat(JSON.readTree(Path.of(file(output) + ".json").toFile())
                        .path("audio")
                        .isNull())
                .isTrue();
    }
}
