package io.wavequeue.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.e2e.RunningStack.Part;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on the packaged programs: several workers, a restart, a kill. */
class StackIT {
    private final Map<String, String> environment = new HashMap<>(RunningStack.servers());

    @TempDir
    Path folder;

    @BeforeEach
    void lookAtFiles() {
        environment.put("WAVEQUEUE_OUTPUT_CHECK", "true");
    }

    @Test
    void shouldFinishEveryJobOnceWithTwoWorkersOverARestartAndAKill() {
        try (RunningStack stack = RunningStack.up(folder, 2, environment)) {
            stack.configureSimulator("{\"latency\":\"fixed:1500\"}");
            enqueue(stack, 0, 150);
            RunningStack.await("some are done", () -> stack.counts().getOrDefault("succeeded", 0) >= 20);
            stack.stop();
        }
        try (RunningStack stack = RunningStack.up(folder, 2, environment)) {
            enqueue(stack, 150, 300);
            RunningStack.await("all are done", () -> stack.counts().getOrDefault("succeeded", 0) == 300);

            JsonNode ledger = stack.simulator("/admin/ledger?limit=0").path("totals");
            assertThat(ledger.path("accepted").asInt()).isEqualTo(300);
            assertThat(stack.simulator("/admin/stats").path("duplicated_bodies").asInt())
                    .isZero();
            List<JsonNode> jobs = stack.jobs();
            assertThat(jobs).hasSize(300).allSatisfy(StackIT::assertFilled);
            assertThat(sum(jobs, "charged_usd"))
                    .isEqualByComparingTo(ledger.path("charged_usd").asText());
            JsonNode costs = stack.get("/v1/costs?group_by=model").path("total");
            assertThat(costs.path("jobs").asInt()).isEqualTo(300);
            assertThat(costs.path("charged_usd").decimalValue()).isEqualByComparingTo("6.51");

            shouldAdoptWhatAKilledWorkerHeld(stack);
            RunningStack.await("a file was looked at", () -> stack.jobs().stream()
                    .anyMatch(job -> job.at("/outputs/0/audio/verdict").isTextual()));
        }
    }

    /** In flight when it is killed: predictions are adopted, and its submits, which nobody saw the end of, are uncertain. */
    private static void shouldAdoptWhatAKilledWorkerHeld(RunningStack stack) {
        stack.configureSimulator("{\"latency\":\"fixed:4000\"}");
        enqueue(stack, 300, 400);
        RunningStack.await(
                "all are at the provider",
                () -> stack.counts().getOrDefault("queued", 0) == 0
                        && stack.counts().getOrDefault("submitting", 0) == 0);
        Part killed = stack.part("worker-1");

        stack.kill("worker-1");

        RunningStack.await("it is started again", () -> stack.part("worker-1").pid() != killed.pid());
        RunningStack.await("all are done", () -> stack.counts().getOrDefault("succeeded", 0) == 400);
        assertThat(stack.simulator("/admin/ledger?limit=0")
                        .path("totals")
                        .path("accepted")
                        .asInt())
                .isEqualTo(400);
    }

    private static void enqueue(RunningStack stack, int from, int to) {
        IntStream.range(from, to).parallel().forEach(i -> stack.enqueue("cue " + i));
    }

    private static void assertFilled(JsonNode job) {
        JsonNode timings = job.path("timings");
        for (String field : List.of("queued_ms", "submit_ms", "running_ms", "inference_ms", "detect_ms", "total_ms")) {
            assertThat(timings.path(field).isNumber()).as(field).isTrue();
        }
        long parts = timings.path("queued_ms").asLong()
                + timings.path("submit_ms").asLong()
                + timings.path("running_ms").asLong();
        assertThat(timings.path("total_ms").asLong()).isCloseTo(parts, within(3L));
        assertThat(job.path("cost").path("charged_usd").decimalValue()).isEqualByComparingTo("0.0217");
        assertThat(job.path("attempts").size()).isEqualTo(1);
    }

    private static BigDecimal sum(List<JsonNode> jobs, String field) {
        return jobs.stream()
                .map(job -> job.path("cost").path(field).decimalValue())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Where Docker answers, the servers are containers; elsewhere {@code up} brings its own. */
}
