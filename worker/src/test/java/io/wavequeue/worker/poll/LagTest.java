package io.wavequeue.worker.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.store.RunTimeStore.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LagTest {
    private static final Offset<Double> CLOSELY = Offset.offset(0.02);

    /** Run times of 10 s, 11 s…, found ended 50 ms late, open 150 ms before. */
    private static List<Run> runs(int lagMs) {
        return new ArrayList<>(IntStream.range(0, 20)
                .mapToObj(i -> {
                    int ended = 10_000 + 1_000 * i;
                    return new Run(ended - 100, ended + 50, ended - lagMs);
                })
                .toList());
    }

    @Test
    void shouldTakeTheProvidersWordWhenItFits() {
        Lag lag = Lag.of(runs(0));

        assertThat(lag.seconds()).isZero();
        assertThat(lag.earliest(new Run(0, 9_000, 7_300))).isEqualTo(7.3);
        assertThat(lag.latest(new Run(0, 9_000, 7_300))).isEqualTo(7.3);
    }

    @Test
    void shouldAddWhatTheProviderDoesNotCount() {
        assertThat(Lag.of(runs(800)).seconds()).isCloseTo(0.8, Offset.offset(0.1));
        assertThat(Lag.of(runs(800)).earliest(new Run(0, 9_000, 7_300))).isCloseTo(8.1, Offset.offset(0.1));
    }

    @Test
    void shouldBelieveLooksWhenTheProvidersWordDoesNotFit() {
        List<Run> runs = runs(0);
        IntStream.range(0, 5).forEach(i -> runs.set(i, new Run(40_000 + i, 40_100 + i, 1_000 * i + 7)));

        assertThat(Lag.of(runs).seconds()).isNaN();
        assertThat(Lag.of(runs).earliest(new Run(100, 9_000, 7_300))).isEqualTo(0.1);
        assertThat(Lag.of(runs).latest(new Run(100, 9_000, 7_300))).isCloseTo(9.0, CLOSELY);
    }

    @Test
    void shouldBelieveLooksWhenNothingIsTold() {
        Run untold = new Run(100, 9_000, null);
        Run nothing = new Run(100, 9_000, 0);

        assertThat(Lag.of(List.of(untold, nothing)).earliest(untold)).isEqualTo(0.1);
        assertThat(Lag.of(runs(0)).earliest(untold)).isEqualTo(0.1);
        assertThat(Lag.of(runs(0)).earliest(nothing)).isEqualTo(0.1);
        assertThat(Lag.of(List.of()).seconds()).isNaN();
    }
}
