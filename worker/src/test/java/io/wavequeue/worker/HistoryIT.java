package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.admission.InputKeys;
import io.wavequeue.bulk.BulkRunner;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.job.BulkKind;
import io.wavequeue.letters.LetterReplays;
import io.wavequeue.letters.LetterReplays.Letters;
import io.wavequeue.message.JobHeaders;
import io.wavequeue.message.Topics;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.account.Setting;
import io.wavequeue.store.BulkOrder;
import io.wavequeue.store.BulkStore;
import io.wavequeue.store.HistoryStore;
import io.wavequeue.store.HistoryStore.Progress;
import io.wavequeue.store.Idempotency.Answer;
import io.wavequeue.store.LettersChoice.Meant;
import io.wavequeue.store.view.JobFilter;
import io.wavequeue.test.ServersResource;
import io.wavequeue.test.TopicReader;
import io.wavequeue.worker.history.HistoryReader;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
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

    @Inject
    LetterReplays replays;

    @Inject
    BulkStore bulk;

    @Inject
    BulkRunner runner;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

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
        jobs.deleteAllBut(kept);
        return kept;
    }

    @ParameterizedTest
    @CsvSource({"true,false,4", "false,true,4", "false,false,0"})
    void shouldTellThePredictionsThatNoAttemptHasAndTheirInputs(boolean history, boolean result, int told)
            throws Exception {
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
            assertThat(inputs).contains(keys.ofOurs("{\"prompt\":\"cue 0\"}"), keys.ofOurs("{\"prompt\":\"cue 3\"}"));
        }
        assertThat(
                        jobs.rows(
                                "select 1 from history_item where created_at between now() - interval '1 minute' and now() + interval '2 seconds'"))
                .hasSize(4);
        store.want(Map.of(Jobs.MUSIC, Instant.now().minusSeconds(5)), KEEP);
        assertThat(progress().isRead()).as("kept for the next who asks").isTrue();
        assertThat(reader.step()).isFalse();
    }

    /** The database is gone: two jobs failed, and one of them had been replayed and made before, without anybody's noting it. */
    @Test
    void shouldBringBackAndCompleteWhatFailedAndBuyNothingAgain() throws Exception {
        UUID made = jobs.music("made since");
        jobs.await(made, "succeeded");
        jobs.deleteAll();
        UUID lost = UUID.randomUUID();
        Instant failedAt = Instant.now().minusSeconds(60);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(letter(made, "made since", failedAt));
            producer.send(letter(lost, "never made", failedAt));
        }

        UUID replay = UUID.randomUUID();
        Meant meant = new Meant(failedAt, failedAt.plusMillis(1), JobFilter.ALL);
        try (Letters letters = replays.prepare(meant, Set.of(), null)) {
            bulk.create(
                    new BulkOrder(
                            replay, BulkKind.REPLAY, null, JsonNodeFactory.instance.objectNode(), null, null, null),
                    letters.choice(),
                    null,
                    progress -> new Answer(202, "/v1/replays/" + replay, "{}"));
            letters.committed();
        }
        runner.wake();

        jobs.await(lost, "succeeded");
        assertThat(simulator.totals().accepted()).isEqualTo(2);
        assertThat(jobs.row("select skip_reason from resolution_item where job_id = ?", made))
                .containsEntry("skip_reason", "provider_has_it");
        assertThat(jobs.row("select status from job where id = ?", made)).containsEntry("status", "failed");
        Awaiting.until(
                "its letter to go",
                () -> TopicReader.read(bootstrapServers, Topics.DEAD_LETTERS, Set.of(lost.toString()))
                                .getLast()
                                .value()
                        == null);
    }

    private static ProducerRecord<byte[], byte[]> letter(UUID id, String prompt, Instant failedAt) {
        String value = """
                {"id":"%s","model":"%s","input":{"prompt":"%s","output_format":"wav","duration":1},"attempt":0,\
                "error":{"class":"internal","message":"it broke","retryable":false},"attempts":[],"failed_at":"%s"}""".formatted(id, Jobs.MUSIC, prompt, failedAt);
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(
                Topics.DEAD_LETTERS,
                id.toString().getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8));
        letter.headers()
                .add(JobHeaders.INSTALLATION, UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
        return letter;
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
