package io.wavequeue.worker.poll;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PollScheduleTest {
    private final PollSchedule schedule = new PollSchedule(new Random(5));

    @Test
    void shouldLookAfterAShareOfTheRunTimeWithinBounds() {
        assertThat(schedule.next(Duration.ZERO, 0)).isBetween(Duration.ofMillis(90), Duration.ofMillis(110));
        assertThat(schedule.next(Duration.ofSeconds(12), 0))
                .isBetween(Duration.ofMillis(1_800), Duration.ofMillis(2_200));
        assertThat(schedule.next(Duration.ofHours(2), 0)).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(11));
    }

    @Test
    void shouldBackOffWhileLooksFail() {
        assertThat(schedule.next(Duration.ZERO, 3)).isBetween(Duration.ofMillis(720), Duration.ofMillis(880));
        assertThat(schedule.next(Duration.ofHours(1), 1_000_000))
                .isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));
    }
}
