package io.wavequeue.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.e2e.RunningStack.Part;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.SimulatorConfig;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import io.wavequeue.test.Servers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** How long the usual times take to carry on what a killed worker held. Measured, not asserted in every build. */
@EnabledIfEnvironmentVariable(named = "WAVEQUEUE_TEST_LONG", matches = "yes")
class RecoveryIT {
    private static final int JOBS = 200;
    private static final double TARGET_SECONDS = 15;

    @Test
    void shouldCarryOnWithinAQuarterOfAMinuteWhenAWorkerIsKilled(@TempDir Path folder) {
        String databaseUrl = Servers.postgres().newDatabase();
        Rows rows = new Rows(databaseUrl);
        try (Simulator provider = Simulator.start(SimulatorConfig.defaults().withLatency("fixed:60000"));
                RunningStack stack = RunningStack.up(folder, 2, environment(databaseUrl, provider))) {
            provider.order(FaultRule.once(FaultPhase.AFTER_ACCEPT, new FaultAction.Pass())
                    .contains("slowly answered")
                    .rate(1)
                    .delay(Duration.ofSeconds(40)));
            IntStream.range(0, JOBS).parallel().forEach(i -> stack.enqueueSurely("cue " + i));
            RunningStack.await(
                    "all run", () -> rows.number("select count(*) from job where status = 'running'") == JOBS);
            IntStream.range(0, 40).parallel().forEach(i -> stack.enqueueSurely("slowly answered " + i));
            Part worker = stack.part("worker-1");
            RunningStack.await("it submits", () -> held(rows, worker, "submitting") > 0);
            List<Map<String, Object>> running = rows.of(
                    "select j.id from job j join worker w on w.id = j.worker_id where w.pid = ? and j.status = 'running'",
                    worker.pid());
            long submitting = held(rows, worker, "submitting");

            stack.kill("worker-1");
            long killed = System.nanoTime();
            RunningStack.await("its submits are uncertain", () -> held(rows, worker, "submitting") == 0);
            double doubted = seconds(killed);
            RunningStack.await("its predictions are others'", () -> held(rows, worker, "running") == 0);
            double adopted = seconds(killed);
            long polls = provider.stats().requests().get("result");
            RunningStack.await(
                    "they are polled", () -> provider.stats().requests().get("result") - polls >= running.size());
            System.out.printf(
                    "kill -9 of a worker with %d running and %d submitting, usual times: submits uncertain after %.1f s,"
                            + " predictions adopted after %.1f s, polled after %.1f s at most%n",
                    running.size(), submitting, doubted, adopted, seconds(killed));
            assertThat(doubted).isLessThanOrEqualTo(TARGET_SECONDS);
            assertThat(adopted).isLessThanOrEqualTo(TARGET_SECONDS);
        }
    }

    private static long held(Rows rows, Part worker, String status) {
        return rows.number(
                "select count(*) from job j join worker w on w.id = j.worker_id where w.pid = ? and j.status = ?",
                worker.pid(),
                status);
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    private static Map<String, String> environment(String databaseUrl, Simulator provider) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DATABASE_URL", databaseUrl);
        environment.put("WAVESPEED_BASE_URL", provider.baseUrl());
        return environment;
    }
}
