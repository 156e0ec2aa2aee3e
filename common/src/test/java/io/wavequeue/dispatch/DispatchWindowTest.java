package io.wavequeue.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.Account;
import io.wavequeue.job.Account.Limits;
import org.junit.jupiter.api.Test;

class DispatchWindowTest {
    private static int size(Integer perMinute, Integer inFlight) {
        return DispatchWindow.size(new Account(new Limits("custom", perMinute, inFlight), null, null, null, null));
    }

    @Test
    void shouldBeAboutTwoMinutesOfSubmitsWithinItsBounds() {
        assertThat(size(500, 300)).isEqualTo(600);
        assertThat(size(60, 10_000)).isEqualTo(120);
        assertThat(size(2, 2)).isEqualTo(DispatchWindow.LEAST);
        assertThat(size(null, null)).isEqualTo(DispatchWindow.MOST);
    }
}
