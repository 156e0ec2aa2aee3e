package io.wavequeue.worker.poll;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollPlanTest {
    private static final double ROUNDING = 1e-9;

    @ParameterizedTest
    @CsvSource({"0.01, 0.5", "0.05, 0", "1, 0.05", "5, 1", "300, 0.5", "1500, 2"})
    void shouldKeepTheBoundsBetweenLooks(double median, double sigma) {
        PollPlan plan = Plans.of(median, sigma);

        double open = plan.nextLook(0);
        assertThat(open).isBetween(0.05, 600 * 1.02);
        while (open < 7_000) {
            double wait = plan.nextLook(open) - open;
            assertThat(wait).as("after %s s", open).isBetween(least(open) - ROUNDING, 30 + ROUNDING);
            open += wait;
        }
    }

    private static double least(double open) {
        return Math.max(0.05, Math.min(30, open / 20));
    }

    @ParameterizedTest
    @CsvSource({"2, 0", "10, 0.02"})
    void shouldLookOnceRightAfterTheEndWhenAllRunsLastAsLong(double median, double sigma) {
        double longest = median * Math.exp(4.5 * sigma);

        assertThat(Plans.of(median, sigma).nextLook(0)).isBetween(median, longest * 1.01);
    }

    @ParameterizedTest
    @CsvSource({"5, 0.1", "60, 0.25"})
    void shouldLookAsIfNothingWereKnownWhenARunLastsLongerThanAny(double median, double sigma) {
        PollPlan plan = Plans.of(median, sigma);

        assertThat(plan.nextLook(3_000)).isEqualTo(3_030);
        assertThat(plan.nextLook(median * 4)).isCloseTo(median * 4 * 7 / 6, Offset.offset(3.4 * median / 6));
    }
}
