package io.wavequeue.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.job.Breaker.Cause;
import io.wavequeue.job.Breaker.Failure;
import io.wavequeue.job.Breaker.Policy;
import io.wavequeue.job.Breakers.Heard;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BreakersTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Policy POLICY = new Policy(3, Duration.ofSeconds(10), Duration.ofSeconds(60));

    private final Random random = new Random(5);

    private UUID job() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private Breakers failed(Breakers breakers, String model, UUID job, boolean sent, Instant now) {
        return breakers.failed(new Failure(model, job, sent, "HTTP 500"), now, POLICY);
    }

    private Breakers failing(Breakers breakers, String model, int times) {
        Breakers changed = breakers;
        for (int i = 0; i < times; i++) {
            changed = failed(changed, model, job(), true, NOW);
        }
        return changed;
    }

    private static Breaker only(Breakers breakers) {
        assertThat(breakers.all()).hasSize(1);
        return breakers.all().getFirst();
    }

    @Test
    void shouldOpenAtTheThresholdAndProbeAfterTheFirstWait() {
        Breakers counting = failing(Breakers.NONE, "a", 2);
        assertThat(only(counting).isOpen()).isFalse();

        Breakers open = failing(counting, "a", 1);

        assertThat(only(open).openedAt()).isEqualTo(NOW);
        assertThat(only(open).probeAt()).isEqualTo(NOW.plusSeconds(10));
        assertThat(open.openedSince(counting)).hasSize(1);
    }

    @Test
    void shouldForgetFailuresWhenTheProviderAnswersBeforeTheThreshold() {
        Breakers counting = failing(Breakers.NONE, "a", 2);

        assertThat(counting.answered("a", job(), NOW.minusSeconds(60), Heard.REFUSED, NOW))
                .isEqualTo(Breakers.NONE);
        assertThat(counting.answered("b", job(), NOW, Heard.ACCEPTED, NOW)).isEqualTo(counting);
    }

    @Test
    void shouldDoubleTheWaitOnlyWhenTheProbeFails() {
        Breakers open = failing(Breakers.NONE, "a", 3);
        UUID probe = job();
        Breakers probing = open.with(only(open).probed(probe, NOW.plusSeconds(10)));
        Instant later = NOW.plusSeconds(11);

        Breakers straggler = failed(probing, "a", job(), true, later);
        assertThat(only(straggler).probeWait()).isEqualTo(Duration.ofSeconds(10));

        Breakers refused = probing;
        for (int seconds : new int[] {20, 40, 60, 60}) {
            refused = failed(refused, "a", probe, true, later);
            assertThat(only(refused).probeWait()).isEqualTo(Duration.ofSeconds(seconds));
            assertThat(only(refused).probeAt()).isEqualTo(later.plusSeconds(seconds));
        }
        assertThat(only(failed(refused, "a", probe, false, later)).probeWait())
                .as("a probe that was not sent cost nothing")
                .isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void shouldCloseByAnAnswerToTheProbeAndNotByAStraggler() {
        Breakers open = failing(Breakers.NONE, "a", 3);
        UUID probe = job();
        Breakers probing = open.with(only(open).probed(probe, NOW.plusSeconds(10)));

        assertThat(probing.answered("a", job(), NOW.minusSeconds(1), Heard.ACCEPTED, NOW.plusSeconds(11)))
                .as("claimed before it opened")
                .isEqualTo(probing);
        assertThat(probing.answered("a", probe, NOW.plusSeconds(10), Heard.REFUSED, NOW.plusSeconds(11)))
                .isEqualTo(Breakers.NONE);
    }

    @Test
    void shouldOpenTheAccountsWithTheSecondModelAndCloseItWithOneAnswer() {
        Breakers one = failing(Breakers.NONE, "a", 3);
        Breakers two = failing(one, "b", 3);
        assertThat(two.account()).isNotNull();
        assertThat(one.account()).isNull();

        UUID probe = job();
        Instant later = NOW.plusSeconds(30);
        Breakers healed = two.answered("b", probe, later, Heard.ACCEPTED, later);

        assertThat(healed.account()).isNull();
        assertThat(only(healed).scope()).isEqualTo("a");
        assertThat(only(healed).isDue(later))
                .as("the other model is probed at once")
                .isTrue();
        assertThat(failed(healed, "a", job(), true, later).account())
                .as("a model that stays open does not open the account's again")
                .isNull();
    }

    @Test
    void shouldTakeOnlyAnAcceptedSubmitForCredit() {
        UUID first = job();
        Breakers none = Breakers.NONE.refusedForCredit(first, "no credit", NOW, POLICY);
        assertThat(only(none).cause()).isEqualTo(Cause.OUT_OF_CREDITS);

        assertThat(none.isWorthAProbe(BigDecimal.TEN, NOW.plusSeconds(9))).isFalse();
        assertThat(none.isWorthAProbe(BigDecimal.TEN, NOW.plusSeconds(10))).isTrue();
        Breakers probing = none.probeCredit(BigDecimal.ONE, "no credit", NOW.plusSeconds(10), POLICY);
        UUID probe = job();
        probing = probing.with(only(probing).probed(probe, NOW.plusSeconds(10)));
        Instant later = NOW.plusSeconds(11);

        Breakers refused = probing.refusedForCredit(probe, "no credit", later, POLICY);
        assertThat(only(refused).probeWait()).isEqualTo(Duration.ofSeconds(20));
        assertThat(refused.isWorthAProbe(BigDecimal.ONE, later)).isFalse();
        assertThat(refused.isWorthAProbe(BigDecimal.TEN, later)).as("topped up").isTrue();
        assertThat(probing.answered("a", probe, later, Heard.REFUSED, later)).isEqualTo(probing);
        assertThat(probing.answered("a", probe, later, Heard.ACCEPTED, later)).isEqualTo(Breakers.NONE);
    }
}
