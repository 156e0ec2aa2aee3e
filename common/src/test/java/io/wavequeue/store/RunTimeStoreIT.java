package io.wavequeue.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.wavequeue.store.RunTimeStore.Run;
import io.wavequeue.store.RunTimeStore.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunTimeStoreIT {
    private static final int KEEP = 3;
    private static final Path PAGE = Path.of("..", "deploy", "docs", "polling.md");

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

    @Test
    void shouldBeReadByTheQueryOfThePollingPage() throws IOException {
        try (StoreFixture store = new StoreFixture()) {
            List<Run> runs = List.of(new Run(0, 1_000, null), new Run(0, 2_000, null), new Run(0, 3_000, null));
            store.runTimes.exchange(List.of(new Runs("a/model", "8s", runs), new Runs("a/model", "", runs)), KEEP);

            assertThat(store.texts("select row(q.*)::text from (" + query() + ") as q"))
                    .containsExactly("(a/model,\"\",3,\"{1200,2000,2800}\")", "(a/model,8s,3,\"{1200,2000,2800}\")");
        }
    }

    private static String query() throws IOException {
        String page = Files.readString(PAGE);
        int start = page.indexOf("```sql") + "```sql".length();
        return page.substring(start, page.indexOf(';', start));
    }
}
