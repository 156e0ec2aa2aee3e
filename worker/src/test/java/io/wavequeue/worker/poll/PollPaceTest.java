package io.wavequeue.worker.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PollPaceTest {
    private final AtomicInteger workers = new AtomicInteger(1);
    private final AtomicLong nanos = new AtomicLong(-5);
    private final List<Duration> slept = new ArrayList<>();

    private PollPace pace(int perSecond) {
        return new PollPace(perSecond, workers::get, nanos::get, slept::add);
    }

    @Test
    void shouldSpacePollsEvenlyInTheirOrderWhenMoreComeThanMayGo() throws InterruptedException {
        PollPace pace = pace(10);
        for (int i = 0; i < 4; i++) {
            pace.after(Duration.ZERO);
        }

        assertThat(slept).containsExactly(Duration.ofMillis(100), Duration.ofMillis(200), Duration.ofMillis(300));
    }

    @Test
    void shouldWaitAsPlannedOnlyWhenItsTurnIsFree() throws InterruptedException {
        PollPace pace = pace(10);
        pace.after(Duration.ofSeconds(3));
        nanos.addAndGet(Duration.ofMillis(150).toNanos());
        pace.after(Duration.ofSeconds(4));

        assertThat(slept).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(4));
    }

    @Test
    void shouldSaveUpNoTurnsWhileNothingIsPolled() throws InterruptedException {
        PollPace pace = pace(10);
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        pace.after(Duration.ZERO);
        pace.after(Duration.ZERO);

        assertThat(slept).containsExactly(Duration.ofMillis(100));
    }

    @Test
    void shouldShareTheCapWithTheOtherWorkersAsTheyComeAndGo() throws InterruptedException {
        PollPace pace = pace(10);
        workers.set(3);
        pace.after(Duration.ZERO);
        pace.after(Duration.ZERO);
        workers.set(1);
        pace.after(Duration.ZERO);
        pace.after(Duration.ZERO);

        assertThat(slept).containsExactly(Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofMillis(700));
    }

    @Test
    void shouldRefuseToSendNone() {
        assertThatThrownBy(() -> pace(0)).hasMessageContaining("polls-per-second must be at least 1, not 0");
    }
}
