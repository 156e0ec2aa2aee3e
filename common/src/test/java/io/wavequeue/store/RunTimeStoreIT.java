package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.store.RunTimeStore.Run;
import io.wavequeue.store.RunTimeStore.Runs;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTimeStoreIT {
    private static final int KEEP = 3;

    @Test
    void shouldAddRunsAndKeepTheNewestOfEachKind() {
        try (StoreFixture store = new StoreFixture()) {
            Run first = new Run(0, 10, null);
            Run second = new Run(10, 20, 7);
            Run third = new Run(20, 30, null);
            Run fourth = new Run(30, 40, 9);

            assertThat(store.runTimes.exchange(List.of(), KEEP)).isEmpty();
            store.runTimes.exchange(
                    List.of(new Runs("b", "", List.of(first)), new Runs("a", "8s", List.of(second, first))), KEEP);
            List<Runs> all = store.runTimes.exchange(List.of(new Runs("a", "8s", List.of(fourth, third))), KEEP);

            assertThat(all)
                    .containsExactlyInAnyOrder(
                            new Runs("b", "", List.of(first)), new Runs("a", "8s", List.of(fourth, third, second)));
        }
    }
}
