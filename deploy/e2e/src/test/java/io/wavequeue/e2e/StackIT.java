package io.wavequeue.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.e2e.RunningStack.Part;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.SimulatorConfig;
import io.wavequeue.test.Servers;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on the packaged programs: several workers, restarts, kills, limits, another provider. */
class StackIT {
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path folder;

    @Test
    void shouldFinishEveryJobOnceWithTwoWorkersOverARestartAndAKill() {
        try (RunningStack stack = RunningStack.up(folder, 2, servers())) {
            stack.configureSimulator("{\"latency\":\"fixed:1500\"}");
            enqueue(stack, 0, 250);
            RunningStack.await("some are done", () -> stack.counts().getOrDefault("succeeded", 0) >= 20);
            stack.stop();
        }
        try (RunningStack stack = RunningStack.up(folder, 2, servers())) {
            enqueue(stack, 250, 500);
            RunningStack.await("all are done", () -> stack.counts().getOrDefault("succeeded", 0) == 500);

            JsonNode ledger = stack.simulator("/admin/ledger?limit=0").path("totals");
            assertThat(ledger.path("accepted").asInt()).isEqualTo(500);
            assertThat(stack.simulator("/admin/stats").path("duplicated_bodies").asInt())
                    .isZero();
            List<JsonNode> jobs = stack.jobs();
            assertThat(jobs).hasSize(500).allSatisfy(StackIT::assertFilled);
            assertThat(sum(jobs, "charged_usd"))
                    .isEqualByComparingTo(ledger.path("charged_usd").asText());
            JsonNode costs = stack.get("/v1/costs?group_by=model").path("total");
            assertThat(costs.path("jobs").asInt()).isEqualTo(500);
            assertThat(costs.path("charged_usd").decimalValue()).isEqualByComparingTo("10.85");

            shouldAdoptWhatAKilledWorkerHeld(stack);
        }
    }

    /** In flight when it is killed: predictions are adopted, and its submits, which nobody saw the end of, are uncertain. */
    private static void shouldAdoptWhatAKilledWorkerHeld(RunningStack stack) {
        stack.configureSimulator("{\"latency\":\"fixed:4000\"}");
        enqueue(stack, 500, 600);
        RunningStack.await(
                "all are at the provider",
                () -> stack.counts().getOrDefault("queued", 0) == 0
                        && stack.counts().getOrDefault("submitting", 0) == 0);
        Part killed = stack.part("worker-1");

        stack.kill("worker-1");

        RunningStack.await("it is started again", () -> stack.part("worker-1").pid() != killed.pid());
        RunningStack.await("all are done", () -> stack.counts().getOrDefault("succeeded", 0) == 600);
        assertThat(stack.simulator("/admin/ledger?limit=0")
                        .path("totals")
                        .path("accepted")
                        .asInt())
                .isEqualTo(600);
    }

    @Test
    void shouldNeverExceedTheAccountsLimitsWithThreeWorkers() {
        servers();
        environment.put("WAVEQUEUE_SUBMITS_PER_MINUTE", "60");
        environment.put("WAVEQUEUE_MAX_IN_FLIGHT", "10");
        try (RunningStack stack = RunningStack.up(folder, 3, environment)) {
            stack.configureSimulator("{\"latency\":\"fixed:1000\"}");
            enqueue(stack, 0, 75);

            RunningStack.await("all are done", () -> stack.counts().getOrDefault("succeeded", 0) == 75);

            JsonNode stats = stack.simulator("/admin/stats");
            assertThat(stats.path("max_not_429_per_minute").asInt()).isEqualTo(60);
            assertThat(stats.path("submits_429").asInt()).isZero();
            assertThat(stats.path("max_open").asInt()).isLessThanOrEqualTo(10).isGreaterThanOrEqualTo(8);
            assertThat(stats.path("submits_received").asInt()).isEqualTo(75);
        }
    }

    @Test
    void shouldUseAnotherProviderAndNotStartTheSimulator() {
        try (Simulator provider = Simulator.start(SimulatorConfig.defaults().withLatency("fixed:100"))) {
            servers();
            environment.put("WAVESPEED_BASE_URL", provider.baseUrl());
            try (RunningStack stack = RunningStack.up(folder, 1, environment)) {
                assertThat(stack.parts()).extracting(Part::name).doesNotContain("simulator");
                enqueue(stack, 0, 20);

                RunningStack.await("all are done", () -> stack.counts().getOrDefault("succeeded", 0) == 20);

                assertThat(provider.totals().accepted()).isEqualTo(20);
                Part api = stack.part("api");
                stack.kill("api");
                RunningStack.await(
                        "the API is started again", () -> stack.part("api").pid() != api.pid());
                RunningStack.await("it answers", () -> stack.counts().getOrDefault("succeeded", 0) == 20);
            }
        }
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
    private Map<String, String> servers() {
        if (environment.isEmpty() && Servers.isDocker()) {
            environment.put("DATABASE_URL", Servers.postgres().newDatabase());
            environment.put("KAFKA_BOOTSTRAP_SERVERS", Servers.kafka().bootstrapServers());
        }
        return environment;
    }
}
