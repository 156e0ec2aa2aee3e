package io.wavequeue.worker.poll;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.store.RunTimeStore.Run;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunTimesTest {
    private final RunTimes times = new RunTimes();

    private void learn(int from, int to) {
        IntStream.range(from, to).forEach(i -> times.learn(new Run(0, 10_000 + i, null)));
    }

    @Test
    void shouldPlanOnlyWhenSomeRunsAreKnown() {
        learn(0, 7);
        times.replan();
        assertThat(times.plan()).isSameAs(PollPlan.UNKNOWN);

        learn(7, 8);
        times.replan();
        assertThat(times.plan().isLearned()).isTrue();
    }

    @Test
    void shouldKeepThePlanWhileLittleHasChanged() {
        learn(0, 100);
        times.replan();
        PollPlan plan = times.plan();

        learn(100, 105);
        times.replan();
        assertThat(times.plan()).isSameAs(plan);

        learn(105, 107);
        times.replan();
        assertThat(times.plan()).isNotSameAs(plan);
    }

    @Test
    void shouldHandOverWhatWasLearnedSinceTheLastTimeAndTheNewestOfAll() {
        learn(0, 2);
        List<Run> taken = times.takeFresh();
        assertThat(taken).extracting(Run::endedMs).containsExactly(10_001, 10_000);
        assertThat(times.takeFresh()).isEmpty();

        learn(2, 3);
        times.takeBack(taken);
        assertThat(times.takeFresh()).extracting(Run::endedMs).containsExactly(10_002, 10_001, 10_000);

        learn(0, 2 * RunTimes.WINDOW);
        assertThat(times.takeFresh())
                .hasSize(RunTimes.WINDOW)
                .startsWith(new Run(0, 10_000 + 2 * RunTimes.WINDOW - 1, null));
    }
}
