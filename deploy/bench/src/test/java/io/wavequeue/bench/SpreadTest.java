package io.wavequeue.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
    private static final List<Double> HUNDRED =
            IntStream.rangeClosed(1, 100).mapToObj(i -> (double) (101 - i)).toList();

    @Test
    void shouldTakeTheMiddleOneOfAnOddNumber() {
        assertThat(Spread.of(List.of(7.0, 1.0, 3.0))).isEqualTo(new Spread(3, 1, 7));
    }

    @Test
    void shouldTakeTheMeanOfTheMiddleTwoOfAnEvenNumber() {
        assertThat(Spread.of(List.of(8.0, 1.0, 3.0, 4.0))).isEqualTo(new Spread(3.5, 1, 8));
    }

    @Test
    void shouldTakeTheSmallestValueThatTheShareDoesNotExceed() {
        assertThat(Spread.percentile(HUNDRED, 0.50)).isEqualTo(50);
        assertThat(Spread.percentile(HUNDRED, 0.99)).isEqualTo(99);
        assertThat(Spread.percentile(HUNDRED, 1)).isEqualTo(100);
        assertThat(Spread.percentile(List.of(5.0), 0.5)).isEqualTo(5);
    }

    @Test
    void shouldRefuseNoValues() {
        assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Spread.percentile(List.of(), 0.5)).isInstanceOf(IllegalArgumentException.class);
    }
}
