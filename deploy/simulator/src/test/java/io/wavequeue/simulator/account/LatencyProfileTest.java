package io.wavequeue.simulator.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wavequeue.simulator.catalogue.Catalogue;
import io.wavequeue.simulator.catalogue.ModelSpec;
import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LatencyProfileTest {
    private final ModelSpec model = Catalogue.load().models().iterator().next();

    @Test
    void shouldStayWithinThePresetsRange() {
        assertThat(draws("instant")).containsOnly(0);
        assertThat(draws("fixed:50")).containsOnly(50);
        assertThat(LongStream.of(draws("demo"))).allMatch(ms -> ms >= 300 && ms <= 3_000);
        assertThat(LongStream.of(draws("real"))).allMatch(ms -> ms >= 5_000 && ms <= 40_000);
    }

    @Test
    void shouldHaveTheMedianAskedFor() {
        long[] sorted = LongStream.of(draws("lognormal:2000:0.25")).sorted().toArray();
        assertThat(sorted[sorted.length / 2]).isBetween(1_950L, 2_050L);
        assertThat((double) sorted[sorted.length * 84 / 100] / sorted[sorted.length / 2])
                .isBetween(1.24, 1.33);
    }

    @Test
    void shouldMakeExceptionsByModel() {
        assertThat(LatencyProfile.parse("real," + model.id() + "=fixed:7")
                        .of(model)
                        .draw(1))
                .isEqualTo(7);
    }

    @Test
    void shouldDependOnSeedBodyAndRepetitionAlone() {
        BodyHash body = BodyHash.of("a".getBytes(StandardCharsets.UTF_8));
        BodyHash other = BodyHash.of("b".getBytes(StandardCharsets.UTF_8));
        assertThat(body.draw(1, 0))
                .isEqualTo(BodyHash.of("a".getBytes(StandardCharsets.UTF_8)).draw(1, 0));
        assertThat(LongStream.of(body.draw(1, 0), body.draw(2, 0), body.draw(1, 1), other.draw(1, 0))
                        .distinct())
                .hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "fast", "fixed", "fixed:", "fixed:-1", "fixed:x", "lognormal:1", "lognormal:1:-1", "m=x"})
    void shouldRefuseWhatItCannotRead(String text) {
        assertThatThrownBy(() -> LatencyProfile.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private long[] draws(String latency) {
        LatencyProfile profile = LatencyProfile.parse(latency);
        return LongStream.range(0, 10_000)
                .map(i -> profile.of(model)
                        .draw(BodyHash.of(Long.toString(i).getBytes(StandardCharsets.UTF_8))
                                .draw(1, 0)))
                .toArray();
    }
}
