package io.wavequeue.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultLineTest {
    private static final Machine MACHINE = new Machine(2, 0.126, "Linux amd64", "25");
    private static final Scenario SCENARIO = new EndToEnd(Latency.parse("50ms"), true, false, true, 100, 1);

    @Test
    void shouldBeOneLineWithMedianAndSpreadOfEachMeasure() throws IOException {
        Measurements measured = new Measurements();
        for (double rate : new double[] {3012.44, 2999.6, 12_345_678}) {
            measured.add("clips_per_s", rate);
            measured.addAll("rss_mb", Map.of("worker", rate / 7e6));
        }

        assertThat(ScenarioRunner.line(SCENARIO, 3, Map.of("A", "b"), MACHINE, measured))
                .isEqualTo("""
                        {"scenario":"end-to-end","latency":"50ms","events":"on","archive":"off","clips":100,\
                        "workers":1,"runs":3,"set":{"A":"b"},\
                        "machine":{"cores":2,"load_average":0.13,"os":"Linux amd64","java":"25"},\
                        "clips_per_s":{"median":3012,"min":3000,"max":12350000},\
                        "rss_mb":{"worker":{"median":0.0004303,"min":0.0004285,"max":1.764}}}""");
    }
}
