package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.store.PacingSimulation.Result;
import io.wavequeue.store.PacingSimulation.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What three workers with an endless backlog make of their limits, in virtual time. */
class PacingTest {
    private static final int HIDDEN = 600;
    private static final Duration SETTLING = Duration.ofMinutes(5);
    private static final Duration LONG = Duration.ofMinutes(15);

    @ParameterizedTest
    @CsvSource({
        "700,true",
        "700,false",
        "1000,true",
        "1000,false",
        "3000,true",
        "3000,false",
        "5000,true",
        "5000,false",
        ",true",
        ",false"
    })
    void shouldUseNearlyAllOfALimitThatOnlyTheProviderKnows(@Nullable Integer limit, boolean tellsWhen) {
        for (long seed = 1; seed <= 2; seed++) {
            PacingSimulation simulation = new PacingSimulation(new Setting(3, limit, HIDDEN, tellsWhen, 200), seed);
            simulation.play(SETTLING);

            Result result = simulation.play(LONG);

            assertThat(result.used()).as("%s", result).isGreaterThanOrEqualTo(0.8);
            assertThat(result.refused()).as("%s", result).isLessThanOrEqualTo(0.1);
        }
    }

    @Test
    void shouldBeOneDecreaseAndNoStampedeWhenTheMinuteEndsAtTheProvider() {
        PacingSimulation simulation = new PacingSimulation(new Setting(10, 3_000, HIDDEN, true, 200), 1);

        Result burst = simulation.play(Duration.ofSeconds(30));
        Result after = simulation.play(Duration.ofSeconds(45));

        assertThat(burst.mostInASecond()).isGreaterThan(HIDDEN);
        assertThat(burst.refused()).isGreaterThan(0.3);
        assertThat(burst.decreases()).isEqualTo(1);
        assertThat(after.used()).isPositive();
        assertThat(after.mostInASecond())
                .as("of 1,500 a minute: five seconds' share")
                .isLessThanOrEqualTo(150);
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 500, 1_000, 2_000})
    void shouldUseNearlyAllOfTheAccountsLimitWithoutA429(long replyMs) {
        for (int limit : new int[] {2, 60, HIDDEN}) {
            PacingSimulation simulation = new PacingSimulation(new Setting(3, limit, limit, true, replyMs), 1);
            simulation.play(SETTLING);

            Result result = simulation.play(LONG);

            assertThat(result.refused()).as("limit %s: %s", limit, result).isZero();
            assertThat(result.used()).as("limit %s: %s", limit, result).isGreaterThanOrEqualTo(0.95);
        }
    }
}
