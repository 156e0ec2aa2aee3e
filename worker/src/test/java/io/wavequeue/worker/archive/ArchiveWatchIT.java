package io.wavequeue.worker.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.test.ServersResource;
import io.wavequeue.worker.Jobs;
import io.wavequeue.worker.SimulatorResource;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
class ArchiveWatchIT {
    private static final String WAITS = """
            insert into output (prediction_id, number, url, archive_at, created_at)
            values (?, 0, 'u', now() + interval '1 hour', now() - ?::interval)
            """;

    @Inject
    Jobs jobs;

    @Inject
    ArchiveWatch watch;

    @Inject
    MeterRegistry metrics;

    Simulator simulator;

    @BeforeEach
    void beginAnew() {
        jobs.beginAnew(simulator);
        jobs.execute("delete from output");
        jobs.execute("delete from lease where name = 'outputs at risk'");
    }

    private double waiting(int daysLeft) {
        return metrics.get("wavequeue.outputs.waiting")
                .tag("days_left", Integer.toString(daysLeft))
                .gauge()
                .value();
    }

    @Test
    void shouldCountWhatWaitsAndWarnOnceAnHourOfWhatIsAtRisk() {
        jobs.execute(WAITS, "fresh", "1 hour");
        assertThat(watch.count()).isZero();
        assertThat(jobs.row("select count(*) from lease where name = 'outputs at risk'"))
                .containsEntry("count", 0L);

        jobs.execute(WAITS, "old", "5 days 1 hour");
        jobs.execute(WAITS, "gone", "8 days");
        assertThat(watch.count()).isEqualTo(2);
        Object warned = jobs.row("select holder from lease where name = 'outputs at risk'");
        assertThat(watch.count()).isEqualTo(2);

        assertThat(jobs.row("select holder from lease where name = 'outputs at risk'"))
                .as("not twice in an hour")
                .isEqualTo(warned);
        assertThat(waiting(7)).isEqualTo(1);
        assertThat(waiting(2)).isEqualTo(1);
        assertThat(waiting(0)).isEqualTo(1);
        assertThat(waiting(3)).isZero();
    }
}
