package io.wavequeue.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class AnnouncementTest {

    @Test
    void shouldNameLimitsAndBudgetWhenTheProviderIsReal() {
        assertThat(Announcement.of(new Provider.Real("secret"), Map.of()))
                .isEqualTo(
                        "Provider: WaveSpeed itself, https://api.wavespeed.ai. THIS COSTS MONEY. Limits: tier bronze "
                                + "(2 submits per minute, 2 in flight). Daily budget: 10 USD.");
    }

    @Test
    void shouldNameWhatThePersonSetWhenTheProviderIsReal() {
        var environment = Map.of(
                "WAVEQUEUE_TIER", "silver", "WAVEQUEUE_SUBMITS_PER_MINUTE", "9", "WAVEQUEUE_DAILY_BUDGET_USD", "2.50");
        assertThat(Announcement.of(new Provider.Real("secret"), environment))
                .contains("tier silver (500 submits per minute, 300 in flight), WAVEQUEUE_SUBMITS_PER_MINUTE=9.")
                .contains("Daily budget: 2.50 USD.");
    }

    @Test
    void shouldSayThatNothingIsPaidWhenSimulated() {
        assertThat(Announcement.of(new Provider.Simulated(), Map.of())).contains("nothing is paid");
    }
}
