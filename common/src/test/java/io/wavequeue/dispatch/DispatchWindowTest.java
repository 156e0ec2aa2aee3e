package io.wavequeue.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.Account;
import io.wavequeue.job.Account.Limits;
import org.junit.jupiter.api.Test;

class DispatchWindowTest {
    private static int size(Integer perMinute, Integer inFlight, int submittedLately) {
        return DispatchWindow.size(
                new Account(new Limits("custom", perMinute, inFlight), null, null, null, null), submittedLately);
    }

    @Test
    void shouldBeAboutFifteenSecondsOfSubmitsWithinItsBounds() {
        assertThat(size(500, 10_000, 0)).isEqualTo(125);
        assertThat(size(2, 2, 0)).isEqualTo(DispatchWindow.LEAST);
        assertThat(size(null, null, 0)).isEqualTo(DispatchWindow.MOST);
    }

    @Test
    void shouldGrowWithWhatWasSubmittedWhenPredictionsAreShort() {
        assertThat(size(null, 200, 0)).isEqualTo(50);
        assertThat(size(null, 200, 3_000)).isEqualTo(3_000);
        assertThat(size(null, 200, 30_000)).isEqualTo(DispatchWindow.MOST);
    }
}
