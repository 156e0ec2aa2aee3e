package io.wavequeue.worker.poll;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SmoothingTest {
    private final double[] weights = new double[RunTimeBins.COUNT];

    @Test
    void shouldLeaveRunsThatLastAsLongWhereTheyAre() {
        weights[300] = 512;

        assertThat(Smoothing.of(weights)).isEqualTo(weights);
    }

    @Test
    void shouldFillTheGapsBetweenFewRuns() {
        for (int bin = 200; bin < 300; bin += 10) {
            weights[bin] = 1;
        }

        double[] smooth = Smoothing.of(weights);
        assertThat(Arrays.stream(smooth, 220, 270).boxed()).allMatch(weight -> weight > 0.08 && weight < 0.12);
        assertThat(Arrays.stream(smooth).sum()).isCloseTo(10, Offset.offset(0.01));
    }

    @Test
    void shouldKeepANarrowHalfNarrowWhateverElseThereIs() {
        weights[200] = 300;
        weights[700] = 200;

        assertThat(Smoothing.of(weights)).isEqualTo(weights);
    }
}
