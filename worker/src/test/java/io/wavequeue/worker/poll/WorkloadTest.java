package io.wavequeue.worker.poll;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                          | ''",
                "{\"prompt\":\"60 seconds of rain\",\"seed\":7}              | ''",
                "{\"duration\":30}                                           | 16s",
                "{\"duration\":0.5,\"prompt\":{\"duration\":99}}             | 1s",
                "{\"extend_seconds_before\":40,\"extend_seconds_after\":30}  | 64s",
                "{\"num_inference_steps\":8,\"duration\":120}                | 64s 8steps",
                "{\"tags\":[1,{\"steps\":3}],\"num_inference_steps\":100}    | 64steps",
                "{\"duration\":1e300}                                        | 1048576s",
                "{\"duration\":-5}                                           | ''",
                "not json                                                    | ''",
            })
    void shouldTellSizesApartByWhatIsAskedFor(String input, String size) {
        assertThat(Workload.of("m", input)).isEqualTo(new Workload("m", size));
    }
}
