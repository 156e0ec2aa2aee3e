package io.wavequeue.worker.poll;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PollScheduleTest {
    private static final PollPlan ABOUT_A_MINUTE = Plans.of(60, 0.1);

    private final PollSchedule schedule = new PollSchedule(new Random(5));

    private Duration unknown(Duration age, int failures) {
        return schedule.next(PollPlan.UNKNOWN, age, age, failures);
    }

    @Test
    void shouldLookAfterAShareOfTheRunTimeWhenNothingIsKnown() {
        assertThat(unknown(Duration.ZERO, 0)).isBetween(Duration.ofMillis(90), Duration.ofMillis(110));
        assertThat(unknown(Duration.ofSeconds(12), 0)).isBetween(Duration.ofMillis(1_800), Duration.ofMillis(2_200));
        assertThat(unknown(Duration.ofMinutes(3), 0)).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(11));
        assertThat(unknown(Duration.ofHours(2), 0)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(33));
    }

    @Test
    void shouldBackOffWhileLooksFail() {
        assertThat(unknown(Duration.ZERO, 3)).isBetween(Duration.ofMillis(720), Duration.ofMillis(880));
        assertThat(unknown(Duration.ofHours(1), 1_000_000)).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));
    }

    @Test
    void shouldWaitForWhatIsLeftUntilThePlannedLook() {
        Duration whole = schedule.next(ABOUT_A_MINUTE, Duration.ZERO, Duration.ZERO, 0);
        Duration rest = schedule.next(ABOUT_A_MINUTE, Duration.ZERO, Duration.ofSeconds(20), 0);

        assertThat(whole).isBetween(Duration.ofSeconds(45), Duration.ofSeconds(65));
        assertThat(rest).isEqualTo(whole.minusSeconds(20));
    }

    @Test
    void shouldLookAtOnceWhenTheFirstLookIsOverdue() {
        assertThat(schedule.next(ABOUT_A_MINUTE, Duration.ZERO, Duration.ofMinutes(5), 0))
                .isZero();
        assertThat(schedule.next(PollPlan.UNKNOWN, Duration.ZERO, Duration.ofMinutes(5), 0))
                .isZero();
    }

    @Test
    void shouldKeepADistanceWhenAnAnswerTookLongerThanTheWait() {
        assertThat(schedule.next(ABOUT_A_MINUTE, Duration.ofSeconds(60), Duration.ofSeconds(100), 0))
                .isEqualTo(Duration.ofSeconds(5));
    }
}
