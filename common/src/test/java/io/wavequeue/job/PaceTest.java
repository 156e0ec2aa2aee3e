package io.wavequeue.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void shouldBeFullAgainTwoMinutesAfterAHalving() {
        Pace pace = Pace.halved(null, 600, 0, NOW, NOW.plusSeconds(7));

        assertThat(pace).isEqualTo(new Pace(300, 600, NOW.plusSeconds(7)));
        assertThat(pace.at(600, NOW)).isEqualTo(300);
        assertThat(pace.at(600, NOW.plusSeconds(7 + 60))).isEqualTo(450);
        assertThat(pace.fullAgainAt(600)).isEqualTo(NOW.plusSeconds(7 + 120));
        assertThat(pace.at(600, NOW.plusSeconds(7 + 120))).isEqualTo(600);
        assertThat(pace.isSlow(600, NOW.plusSeconds(7 + 119))).isTrue();
        assertThat(pace.isSlow(600, NOW.plusSeconds(7 + 120))).isFalse();
    }

    /** Seeded: any limits, moments and further decreases. */
    @Test
    void shouldNeverLeaveOneToTheLimitNorFallWithTime() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            Integer limit = random.nextInt(10) == 0 ? null : random.nextInt(1, 10_000);
            Pace pace = Pace.halved(null, limit, random.nextInt(0, 5_000), NOW, NOW);
            Instant at = NOW;
            for (int step = 0; step < 5; step++) {
                int full = limit == null ? pace.full() : limit;
                double before = pace.at(limit, at);
                Instant later = at.plusMillis(random.nextLong(200_000));
                double grown = pace.at(limit, later);
                assertThat(grown).isBetween(before, (double) full);
                assertThat(grown == full || pace.isSlow(limit, later)).isTrue();
                assertThat(pace.at(limit, pace.fullAgainAt(limit))).isCloseTo(full, within(full * 1e-3));
                assertThat(pace.share(limit, later)).isPositive();
                Pace halved = Pace.halved(pace, limit, 0, later, later.plusSeconds(1));
                double rate = pace.isSlow(limit, later) || limit != null ? grown : 1;
                assertThat(halved.perMinute()).isEqualTo(Math.max(1, (int) (rate / 2)));
                if (limit != null && random.nextInt(3) == 0) {
                    limit = random.nextInt(1, 10_000);
                    assertThat(halved.at(limit, later))
                            .as("never above a lowered limit")
                            .isLessThanOrEqualTo(limit);
                }
                pace = halved;
                at = later;
            }
        }
    }

    @Test
    void shouldLetAWindowHoldItsShareAndAtLeastOne() {
        assertThat(new Pace(1, 2, NOW).window()).isEqualTo(Duration.ofMinutes(1));
        assertThat(new Pace(1, 2, NOW).share(2, NOW)).isEqualTo(1);
        assertThat(new Pace(30, 60, NOW).window()).isEqualTo(Duration.ofSeconds(20));
        assertThat(new Pace(30, 60, NOW).share(60, NOW)).isEqualTo(10);
        assertThat(new Pace(300, 600, NOW).window()).isEqualTo(Duration.ofSeconds(5));
        assertThat(new Pace(300, 600, NOW).share(600, NOW)).isEqualTo(25);
        assertThat(new Pace(300, 600, NOW).share(600, NOW.plusSeconds(120))).isEqualTo(50);
        assertThat(new Pace(300, 600, NOW).share(600, NOW.plusSeconds(359))).isEqualTo(99);
        assertThat(new Pace(300, 600, NOW).share(600, NOW.plusSeconds(360))).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void shouldRememberWhatItRisesToWhenThereIsNoLimit() {
        Pace first = Pace.halved(null, null, 600, NOW, NOW);
        Pace second = Pace.halved(first, null, 20, NOW.plusSeconds(1), NOW.plusSeconds(1));

        assertThat(first).isEqualTo(new Pace(300, 600, NOW));
        assertThat(second).isEqualTo(new Pace(151, 600, NOW.plusSeconds(1)));
        assertThat(Pace.halved(null, null, 0, NOW, NOW)).isEqualTo(new Pace(1, 1, NOW));
    }

    @Test
    void shouldRefuseAPaceBelowOne() {
        assertThatThrownBy(() -> new Pace(0, 5, NOW)).hasMessageContaining("pace of 0");
    }
}
