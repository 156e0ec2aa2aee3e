package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.job.Lane;
import io.wavequeue.message.JobHeaders;
import io.wavequeue.message.Topics;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.store.AccountStore;
import io.wavequeue.test.ServersResource;
import io.wavequeue.test.TopicReader;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records that a worker meets on its topics, whoever wrote them. */
@QuarkusTest
@QuarkusTestResource(ServersResource.class)
@QuarkusTestResource(SimulatorResource.class)
class RecordIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    Jobs jobs;

    @Inject
    AccountStore accounts;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    Simulator simulator;

    private final Set<String> sent = new HashSet<>();

    @BeforeEach
    void fresh() {
        accounts.resume();
        simulator.reset();
        simulator.set("latency", "fixed:20");
        jobs.deleteAll();
        jobs.execute("delete from submit_window");
    }

    @Test
    void shouldAdmitTheRecordOfAnotherServiceUnderItsOwnIdAndOnlyOnce() {
        UUID id = UUID.randomUUID();
        String value = """
                {"id":"%s","model":"%s","input":{"prompt":"from elsewhere"},"reference":"cue-7","labels":{"team":"fx"}}""".formatted(id, Jobs.MUSIC);

        send(id, value, Map.of());
        send(id, value, Map.of());
        UUID after = UUID.randomUUID();
        send(after, value.replace(id.toString(), after.toString()), Map.of());

        assertThat(jobs.await(id, "succeeded")).containsEntry("reference", "cue-7");
        jobs.await(after, "succeeded");
        assertThat(simulator.totals().accepted()).isEqualTo(2);
    }

    @Test
    void shouldPutEachBadRecordAsideAloneAndGoOn() {
        UUID good = UUID.randomUUID();
        send(UUID.randomUUID(), "{not json", Map.of());
        send(UUID.randomUUID(), "{\"model\":\"no/such-model\",\"input\":{}}", Map.of());
        send(
                UUID.randomUUID(),
                "{\"id\":\"7\",\"model\":\"" + Jobs.MUSIC + "\",\"input\":{\"prompt\":\"x\"}}",
                Map.of());
        send(
                good,
                "{\"id\":\"%s\",\"model\":\"%s\",\"input\":{\"prompt\":\"fine\"}}".formatted(good, Jobs.MUSIC),
                Map.of());
        String ours = accounts.installationId().toString();
        UUID unknown = UUID.randomUUID();
        send(
                unknown,
                "{\"id\":\"%s\",\"model\":\"%s\",\"input\":{\"prompt\":\"restored\"}}".formatted(unknown, Jobs.MUSIC),
                Map.of(JobHeaders.INSTALLATION, ours, JobHeaders.SCHEMA, "1", JobHeaders.DISPATCH, "1"));
        send(
                UUID.randomUUID(),
                "{\"id\":\"%s\"}".formatted(UUID.randomUUID()),
                Map.of(JobHeaders.INSTALLATION, ours, JobHeaders.SCHEMA, "99", JobHeaders.DISPATCH, "1"));

        jobs.await(good, "succeeded");

        assertThat(deadLetters(4))
                .map(RecordIT::error)
                .map(error -> error.substring(0, error.indexOf(':')))
                .containsExactlyInAnyOrder("invalid_input", "invalid_input", "invalid_input", "unknown_job");
        assertThat(simulator.totals().accepted()).isEqualTo(1);
    }

    /** After a lost database the topics still hold what the former one had sent, and perhaps bought. */
    @Test
    void shouldBuyNothingBecauseAnotherInstallationSentIt() {
        UUID here = jobs.music("restored from its letter");
        jobs.await(here, "succeeded");
        UUID lost = UUID.randomUUID();
        String request =
                "{\"id\":\"%s\",\"model\":\"" + Jobs.MUSIC + "\",\"input\":{\"prompt\":\"lost\"},\"attempt\":0}";
        Map<String, String> former = Map.of(
                JobHeaders.INSTALLATION,
                UUID.randomUUID().toString(),
                JobHeaders.SCHEMA,
                "1",
                JobHeaders.DISPATCH,
                "1");

        put(Topics.DEAD_LETTERS, lost, "{\"id\":\"%s\"}".formatted(lost), Map.of());
        // Under one key they are read in this order.
        send(lost, request.formatted(here), former);
        RecordMetadata place = send(lost, request.formatted(lost), former);

        List<ConsumerRecord<byte[], byte[]>> letters = deadLetters(2);
        assertThat(letters)
                .as("the job's own letter has its attempts and charges")
                .map(letter -> TopicReader.text(letter.key()))
                .containsExactlyInAnyOrder(lost.toString(), key(place));
        assertThat(letters)
                .map(RecordIT::error)
                .contains("unknown_job: another installation sent job " + lost
                        + "; this database does not have it: it may have been paid");
        assertThat(jobs.rows("select id from job")).containsExactly(Map.of("id", here));
        assertThat(simulator.totals().accepted()).isEqualTo(1);
    }

    @Test
    void shouldFinishEveryJobOnceWhenTheTopicsAreDeletedUnderWay() throws Exception {
        simulator.set("latency", "fixed:200");
        jobs.execute(
                "update account set tier = 'custom', submits_per_minute = 100000, max_in_flight = 20, daily_budget_usd = null");
        jobs.musicInBulk(150);
        Awaiting.until("some are done", () -> jobs.count("succeeded") >= 20);

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.deleteTopics(List.of(Topics.of(Lane.BULK), Topics.of(Lane.INTERACTIVE)))
                    .all()
                    .get();
        }

        jobs.await(150, "succeeded");
        assertThat(simulator.totals().accepted()).isEqualTo(150);
        assertThat(simulator.stats().maxOpen()).isLessThanOrEqualTo(20);
    }

    private RecordMetadata send(UUID key, String value, Map<String, String> headers) {
        RecordMetadata place = put(Topics.of(Lane.INTERACTIVE), key, value, headers);
        sent.add(key.toString());
        sent.add(key(place));
        return place;
    }

    /** Of what is put aside without a key of its own. */
    private static String key(RecordMetadata place) {
        return "%s-%d-%d-%d".formatted(place.topic(), place.partition(), place.offset(), place.timestamp());
    }

    private RecordMetadata put(String topic, UUID key, String value, Map<String, String> headers) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, bytes(key.toString()), bytes(value));
            headers.forEach((name, text) -> record.headers().add(name, bytes(text)));
            return producer.send(record).get();
        } catch (InterruptedException | ExecutionException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Of the records that this test sent: the failed jobs of other tests lie on the topic too. */
    private List<ConsumerRecord<byte[], byte[]>> deadLetters(int count) {
        List<ConsumerRecord<byte[], byte[]>> letters = new ArrayList<>();
        Awaiting.until(count + " dead letters", () -> {
            letters.clear();
            letters.addAll(TopicReader.read(bootstrapServers, Topics.DEAD_LETTERS, sent));
            return letters.size() >= count;
        });
        return letters;
    }

    private static String error(ConsumerRecord<byte[], byte[]> letter) {
        try {
            JsonNode error = JSON.readTree(letter.value()).path("error");
            return error.path("class").asText() + ": " + error.path("message").asText();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
