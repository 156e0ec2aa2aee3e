package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.admission.InputKeys;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.store.HistoryStore;
import io.wavequeue.store.HistoryStore.Progress;
import io.wavequeue.test.ServersResource;
import io.wavequeue.worker.history.HistoryReader;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a worker reads of the provider's history, of predictions whose rows are gone. */
@QuarkusTest
@QuarkusTestResource(value = ServersResource.class, initArgs = @ResourceArg(name = "kafka", value = "true"))
@QuarkusTestResource(SimulatorResource.class)
class HistoryIT {
    private static final Duration KEEP = Duration.ofMinutes(10);

    @Inject
    Jobs jobs;

    @Inject
    HistoryStore store;

    @Inject
    HistoryReader reader;

    @Inject
    Catalogue catalogue;

    Simulator simulator;

    @BeforeEach
    void fresh() {
        jobs.beginAnew(simulator);
        jobs.execute("delete from history_question");
        jobs.execute("delete from history_item");
    }

    @AfterEach
    void restore() {
        simulator.comeBack();
        List.of("history_input", "result_input", "history_page_size")
                .forEach(name -> simulator.set(name, Setting.find(name).standard()));
    }

    private Progress progress() {
        return store.read(List.of(Jobs.MUSIC)).getFirst();
    }

    /** Five that are made, of which one keeps its row. */
    private UUID four() {
        jobs.musicInBulk(4);
        UUID kept = jobs.music("kept");
        jobs.await(5, "succeeded");
        jobs.execute("delete from job where id <> ?", kept);
        return kept;
    }

    @ParameterizedTest
    @CsvSource({"true,false,4", "false,true,4", "false,false,0"})
    void shouldTellThePredictionsThatNoAttemptHasAndTheirInputs(boolean history, boolean result, int told) throws Exception {
        simulator.set("history_input", Boolean.toString(history));
        simulator.set("result_input", Boolean.toString(result));
        simulator.set("history_page_size", "2");
        four();

        store.want(Map.of(Jobs.MUSIC, Instant.EPOCH), KEEP);
        Awaiting.until("it is read", () -> progress().isRead());

        assertThat(progress().found()).isEqualTo(5);
        InputKeys keys = new InputKeys(catalogue, Jobs.MUSIC);
        List<Object> inputs = jobs.rows("select input_key from history_item where input_key is not null").stream()
                .map(row -> row.get("input_key"))
                .toList();
        assertThat(jobs.rows("select 1 from history_item")).hasSize(4);
        assertThat(inputs).hasSize(told);
        if (told > 0) {
            assertThat(inputs)
                    .contains(keys.ofOurs("{\"prompt\":\"cue 0\"}"), keys.ofOurs("{\"prompt\":\"cue 3\"}"));
        }
        assertThat(jobs.rows("select 1 from history_item where created_at between now() - interval '1 minute' and now() + interval '2 seconds'"))
                .hasSize(4);
        store.want(Map.of(Jobs.MUSIC, Instant.now().minusSeconds(5)), KEEP);
        assertThat(progress().isRead()).as("kept for the next who asks").isTrue();
        assertThat(reader.step()).isFalse();
    }

    @Test
    void shouldSayThatTheProviderIsAwayAndGoOnWhenItIsBack() throws Exception {
        four();
        simulator.goOut();
        store.want(Map.of(Jobs.MUSIC, Instant.EPOCH), KEEP);
        Awaiting.until("it is told", () -> progress().error() != null);
        assertThat(progress().isRead()).isFalse();
        assertThat(progress().error()).startsWith("the provider could not be asked: ");

        simulator.comeBack();
        Awaiting.until("it is read", () -> progress().isRead());
        assertThat(jobs.rows("select 1 from history_item")).hasSize(4);
    }
}
