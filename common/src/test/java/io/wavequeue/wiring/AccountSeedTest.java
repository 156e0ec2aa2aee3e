package io.wavequeue.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.wavequeue.job.Account.Limits;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountSeedTest {
    private static WavequeueConfig config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(WavequeueConfig.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(WavequeueConfig.class);
    }

    @Test
    void shouldBeCarefulWithTheRealProvider() {
        assertThat(AccountSeed.limits(config(Map.of()), true)).isEqualTo(new Limits("bronze", 2, 2));
        assertThat(AccountSeed.budget(config(Map.of()), true)).isEqualByComparingTo("10");
        assertThat(AccountSeed.limits(config(Map.of()), false)).isEqualTo(new Limits("ultra", 5_000, 10_000));
        assertThat(AccountSeed.budget(config(Map.of()), false)).isNull();
    }

    @Test
    void shouldLetOwnNumbersReplaceTheTiers() {
        assertThat(AccountSeed.limits(config(Map.of("wavequeue.tier", "gold", "wavequeue.max-in-flight", "7")), true))
                .isEqualTo(new Limits("custom", 3_000, 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "10000000.000001", "1e9", "0.0000001"})
    void shouldNameTheVariableOfABudgetThatCannotBe(String budget) {
        WavequeueConfig config = config(Map.of("wavequeue.daily-budget-usd", budget));
        assertThatThrownBy(() -> AccountSeed.budget(config, true))
                .hasMessageStartingWith("WAVEQUEUE_DAILY_BUDGET_USD is ")
                .hasMessageEndingWith("; it is a number from 0 to 10000000 with at most 6 places");
    }
}
