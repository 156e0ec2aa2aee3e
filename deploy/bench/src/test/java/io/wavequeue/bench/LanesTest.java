package io.wavequeue.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static List<@Nullable String> inTurn(int grants, String... batches) {
        return new ArrayList<>(IntStream.range(0, grants)
                .mapToObj(i -> batches[i % batches.length])
                .toList());
    }

    @Test
    void shouldFindTheLargestDeviationFromAnEqualShare() {
        assertThat(Lanes.deviationPercent(inTurn(2_000, "a", "b"), 2)).isZero();

        List<@Nullable String> unequal = inTurn(2_000, "a", "b");
        IntStream.range(1_500, 1_600).forEach(i -> unequal.set(i, "a"));
        assertThat(Lanes.deviationPercent(unequal, 2)).isCloseTo(10, within(1e-9));
    }

    @Test
    void shouldCallABatchThatGotNothingAsFarOffAsCanBe() {
        assertThat(Lanes.deviationPercent(inTurn(1_000, "a", "b"), 3)).isEqualTo(100);
        assertThatThrownBy(() -> Lanes.deviationPercent(inTurn(999, "a"), 1)).isInstanceOf(BenchFailedException.class);
    }
}
