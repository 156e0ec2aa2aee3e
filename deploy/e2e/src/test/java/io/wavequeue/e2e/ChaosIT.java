package io.wavequeue.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Kills, stops, cuts and a bad provider, all at once. {@code WAVEQUEUE_TEST_CHAOS} has the arguments of a long run. */
class ChaosIT {
    @Test
    void shouldEndEveryJobOnceWhenEverythingFails(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder)
            throws Exception {
        String arguments = System.getenv("WAVEQUEUE_TEST_CHAOS");
        ChaosPlan plan = arguments == null ? ChaosPlan.brief() : ChaosPlan.of(arguments);
        try (ChaosRun run = new ChaosRun(plan, folder)) {
            ChaosVerdict verdict = run.run();
            List<String> complaints = verdict.complaints();
            System.out.println(verdict.table(run.seconds()));
            assertThat(complaints)
                    .as("seed %d, logs in %s", plan.seed(), run.logs())
                    .isEmpty();
        }
    }
}
