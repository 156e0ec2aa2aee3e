package io.wavequeue.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The account's limits are those of all workers together. */
class LimitsIT {
    /** Those of one minute and, as soon as it is over, as many as there are places. */
    private static final int JOBS = 70;

    @TempDir
    Path folder;

    @Test
    void shouldNeverExceedTheAccountsLimitsWithThreeWorkers() {
        Map<String, String> environment = RunningStack.servers();
        environment.put("WAVEQUEUE_SUBMITS_PER_MINUTE", "60");
        environment.put("WAVEQUEUE_MAX_IN_FLIGHT", "10");
        try (RunningStack stack = RunningStack.up(folder, 3, environment)) {
            // Long enough for the places to fill up, however slow the machine is.
            stack.configureSimulator("{\"latency\":\"fixed:4000\"}");
            IntStream.range(0, JOBS).parallel().forEach(i -> stack.enqueue("cue " + i));
            RunningStack.await(
                    "the places are full",
                    () -> stack.simulator("/admin/stats").path("max_open").asInt() >= 8);

            stack.configureSimulator("{\"latency\":\"fixed:1000\"}");
            RunningStack.await("all are done", () -> stack.counts().getOrDefault("succeeded", 0) == JOBS);

            JsonNode stats = stack.simulator("/admin/stats");
            assertThat(stats.path("max_not_429_per_minute").asInt()).isEqualTo(60);
            assertThat(stats.path("submits_429").asInt()).isZero();
            assertThat(stats.path("max_open").asInt()).isBetween(8, 10);
            assertThat(stats.path("submits_received").asInt()).isEqualTo(JOBS);
        }
    }
}
