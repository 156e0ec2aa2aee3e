package io.wavequeue.local.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SupervisorTest {

    @TempDir
    private Path folder;

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldWaitTwiceAsLongBeforeEachRestartUpToABound() {
        assertThat(IntStream.rangeClosed(1, 9).mapToObj(Supervisor::pauseBefore).map(Duration::toMillis))
                .containsExactly(200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 12_800L, 15_000L, 15_000L);
        assertThat(Supervisor.pauseBefore(1_000)).hasSeconds(15);
    }

    @Test
    void shouldStopInTheOppositeOrderOfStarting() throws Exception {
        var supervisor = supervisor(new Fake("database"), new Fake("api"), new Fake("worker"));
        supervisor.start();
        assertThat(folder.resolve("processes.json")).exists();
        supervisor.close();
        assertThat(events)
                .containsExactly(
                        "start database", "start api", "start worker", "stop worker", "stop api", "stop database");
        assertThat(folder.resolve("processes.json")).doesNotExist();
    }

    @Test
    void shouldStartNothingMoreAndNameNobodyWhenAPartFails() {
        var broken = new Fake("api") {
            @Override
            public long launch() throws PartFailedException {
                throw new PartFailedException("api is broken");
            }
        };
        try (var supervisor = supervisor(new Fake("database"), broken, new Fake("worker"))) {
            assertThatExceptionOfType(PartFailedException.class)
                    .isThrownBy(supervisor::start)
                    .withMessage("api is broken");
        }
        assertThat(events).containsExactly("start database", "stop worker", "stop api", "stop database");
        assertThat(folder.resolve("processes.json")).doesNotExist();
    }

    private Supervisor supervisor(Part... parts) {
        var stages = new ArrayList<List<Part>>();
        for (var part : parts) {
            stages.add(List.of(part));
        }
        return new Supervisor(stages, new ProcessesFile(folder.resolve("processes.json")), line -> {}, Waiting.real());
    }

    private class Fake implements Part {
        private final String name;

        Fake(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public OptionalInt port() {
            return OptionalInt.empty();
        }

        @Override
        public long launch() throws PartFailedException {
            events.add("start " + name);
            return 1;
        }

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public void stop() {
            events.add("stop " + name);
        }
    }
}
