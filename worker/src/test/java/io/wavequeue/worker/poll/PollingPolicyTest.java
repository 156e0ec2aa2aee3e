package io.wavequeue.worker.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.worker.poll.PollingSimulation.Policy;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The targets of the design's section 8, by simulation with fixed seeds. */
class PollingPolicyTest {
    private static final int RUNS = 4_000;
    private static final long SEED = 3;

    @ParameterizedTest
    @CsvSource({"5, 0.1", "5, 0.25", "20, 0.25", "60, 0.25", "180, 0.1", "180, 0.25"})
    void shouldNeedFewPollsForAShortDelayWhenRunTimesAreAlike(double median, double sigma) {
        Outcome outcome =
                PollingSimulation.run(PollingSimulation::told, RunTimeLaw.logNormal(median, sigma), SEED, RUNS);

        assertThat(outcome.polls()).isLessThanOrEqualTo(2.5);
        assertThat(outcome.share()).isLessThanOrEqualTo(0.10);
    }

    @ParameterizedTest
    @CsvSource({"3, 0.25", "8, 0.5", "20, 1", "180, 0.25"})
    void shouldComeWithinAFifthOfTheBestPossible(double median, double sigma) {
        RunTimeLaw law = RunTimeLaw.logNormal(median, sigma);
        Outcome best = new BestPossible(law.known()).of(PollPlan.LOOKS_PER_MEAN_DELAY);

        assertThat(PollingSimulation.run(PollingSimulation::told, law, SEED, RUNS)
                        .cost())
                .isLessThan(1.2 * best.cost());
        assertThat(PollingSimulation.run(PollingSimulation::learned, law, SEED, RUNS)
                        .cost())
                .isLessThan(1.2 * best.cost());
        assertThat(PollingSimulation.run(PollingSimulation::everySecond, law, SEED, RUNS)
                        .cost())
                .isGreaterThan(1.05 * best.cost());
        assertThat(PollingSimulation.run(PollingSimulation::backOff, law, SEED, RUNS)
                        .cost())
                .isGreaterThan(1.05 * best.cost());
    }

    @ParameterizedTest
    @CsvSource({"60, 20", "20, 60"})
    void shouldFollowAProviderThatBecomesFasterOrSlower(double before, double after) {
        for (Policy policy : new Policy[] {PollingSimulation.told(), PollingSimulation.learned()}) {
            SplittableRandom random = new SplittableRandom(SEED);
            PollingSimulation.follow(policy, RunTimeLaw.logNormal(before, 0.25), random, 600);
            PollingSimulation.follow(policy, RunTimeLaw.logNormal(after, 0.25), random, RunTimes.WINDOW);
            Outcome outcome = PollingSimulation.follow(policy, RunTimeLaw.logNormal(after, 0.25), random, 500);

            assertThat(outcome.polls()).isLessThan(2.8);
            assertThat(outcome.share()).isLessThan(0.12);
        }
    }

    @Test
    void shouldSeeEarlyEndsEarlyWhenSomeRunsFailAtOnce() {
        RunTimeLaw law = RunTimeLaw.mixed(10, 0.3, 0.2, 0.1);
        Outcome best = new BestPossible(law.known()).of(PollPlan.LOOKS_PER_MEAN_DELAY);

        assertThat(PollingSimulation.run(PollingSimulation::told, law, SEED, RUNS)
                        .cost())
                .isLessThan(1.1 * best.cost());
    }
}
