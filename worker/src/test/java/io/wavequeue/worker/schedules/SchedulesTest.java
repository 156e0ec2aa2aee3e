package io.wavequeue.worker.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No schedule loses a job or pays for one twice.
 *
 * <p>{@code -Dschedules.seed=N} replays one seed with its trace; {@code -Dschedules.seconds=N} runs for so long, from
 * seeds that no run had before.
 */
class SchedulesTest {
    private static final int AT_LEAST = 100_000;
    private static final long PLANTED_WITHIN = 40_000;
    private static final Set<Bug> NONE = EnumSet.noneOf(Bug.class);

    @Test
    void shouldLoseNoJobAndPayForNoneTwiceInAnySchedule() {
        @Nullable String seed = System.getProperty("schedules.seed");
        if (seed != null) {
            replay(Long.parseLong(seed));
            return;
        }
        @Nullable String seconds = System.getProperty("schedules.seconds");
        if (seconds == null) {
            LongStream.range(0, AT_LEAST).parallel().forEach(SchedulesTest::mustHold);
            return;
        }
        long end =
                System.nanoTime() + Duration.ofSeconds(Long.parseLong(seconds)).toNanos();
        long first = System.currentTimeMillis() << 20;
        long next = first;
        while (System.nanoTime() < end) {
            mustHold(next++);
        }
        System.out.printf("%d schedules from seed %d%n", next - first, first);
    }

    private static void mustHold(long seed) {
        broken(seed, NONE, false).ifPresent(rule -> replay(seed));
    }

    private static void replay(long seed) {
        Schedule schedule = new Schedule(seed, NONE, false, true);
        try {
            schedule.run();
            System.out.println(schedule.trace());
        } catch (AssertionError | RuntimeException rule) {
            fail(
                    "seed " + seed + " (again: -Dschedules.seed=" + seed + "): " + rule.getMessage() + "\n"
                            + schedule.trace(),
                    rule);
        }
    }

    /** What rule the schedule breaks. */
    private static Optional<String> broken(long seed, Set<Bug> planted, boolean withResidualRisk) {
        try {
            new Schedule(seed, planted, withResidualRisk, false).run();
            return Optional.empty();
        } catch (AssertionError rule) {
            return Optional.of(String.valueOf(rule.getMessage()));
        } catch (RuntimeException impossible) {
            return Optional.of(impossible.toString());
        }
    }

    private static LongStream harshSeeds() {
        return LongStream.range(0, PLANTED_WITHIN).filter(Schedule::isHarsh);
    }

    /** A checker that never fails proves nothing. */
    @ParameterizedTest
    @EnumSource
    void shouldFindEveryPlantedBug(Bug bug) {
        OptionalLong seed = LongStream.concat(harshSeeds(), LongStream.range(0, PLANTED_WITHIN))
                .parallel()
                .filter(any -> broken(any, EnumSet.of(bug), false).isPresent())
                .findAny();

        assertThat(seed).as("%s", bug).isPresent();
    }

    /** The documented residual risk is a double payment; the schedules leave out exactly it. */
    @Test
    void shouldFindTheDoublePaymentOfAProcessFrozenBetweenTheGateAndTheWrite() {
        Optional<String> found = harshSeeds()
                .mapToObj(seed -> broken(seed, NONE, true))
                .flatMap(Optional::stream)
                .filter(rule -> rule.startsWith("paid twice"))
                .findFirst();

        assertThat(found).isPresent();
    }

    @Test
    void shouldRepeatAScheduleExactly() {
        for (long seed = 0; seed < 50; seed++) {
            Schedule first = new Schedule(seed, NONE, false, true);
            Schedule second = new Schedule(seed, NONE, false, true);
            first.run();
            second.run();
            assertThat(second.trace()).isEqualTo(first.trace());
        }
    }
}
