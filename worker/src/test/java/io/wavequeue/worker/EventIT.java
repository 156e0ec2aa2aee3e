package io.wavequeue.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.wavequeue.message.Topics;
import io.wavequeue.simulator.Simulator;
import io.wavequeue.simulator.fault.FaultAction;
import io.wavequeue.simulator.fault.FaultPhase;
import io.wavequeue.simulator.fault.FaultRule;
import io.wavequeue.store.AccountStore;
import io.wavequeue.test.ServersResource;
import io.wavequeue.test.TopicReader;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others learn of jobs while a worker does its work. */
@QuarkusTest
@QuarkusTestResource(ServersResource.class)
@QuarkusTestResource(SimulatorResource.class)
class EventIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    Jobs jobs;

    @Inject
    AccountStore accounts;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    Simulator simulator;

    @BeforeEach
    void fresh() {
        accounts.resume();
        simulator.reset();
        simulator.set("latency", "fixed:20");
        jobs.execute("delete from job");
        jobs.execute("delete from submit_window");
    }

    @Test
    void shouldTellEachStepOfAJobOnceAndInOrder() {
        UUID job = jobs.music("a calm menu theme");
        jobs.await(job, "succeeded");

        assertThat(told(job, 5))
                .containsExactly(
                        "1 io.wavequeue.job.queued 0",
                        "2 io.wavequeue.job.submitting 1",
                        "3 io.wavequeue.job.running 1",
                        "4 io.wavequeue.job.succeeded 1",
                        "5 io.wavequeue.job.archived 1");
        assertThat(letters(job)).isEmpty();
    }

    @Test
    void shouldTellWhereTheOutputsAreWhenAllAreArchived() throws IOException {
        UUID job = jobs.music("a calm menu theme");
        assertThat(told(job, 5)).last().isEqualTo("5 io.wavequeue.job.archived 1");

        Map<String, Object> output = jobs.row("select * from output where job_id = ?", job);
        JsonNode event = JSON.readTree(records(Topics.EVENTS, job).getLast().value());
        assertThat(event.path("id").asText()).isEqualTo(job + "/5");
        assertThat(event.at("/data/status").asText()).isEqualTo("succeeded");
        assertThat(event.at("/data/outputs")).singleElement().satisfies(told -> {
            assertThat(told.path("n").asInt(-1)).isZero();
            assertThat(told.path("file").asText()).isEqualTo(output.get("file"));
            assertThat(told.path("content_type").asText()).isEqualTo(output.get("content_type"));
            assertThat(told.path("bytes").asLong()).isEqualTo(output.get("bytes"));
            assertThat(told.path("sha256").asText()).isEqualTo(output.get("sha256"));
        });
    }

    @Test
    void shouldKeepAFailedJobAsADeadLetterUntilItLeaves() throws IOException {
        simulator.order(FaultRule.once(FaultPhase.PREDICTION, new FaultAction.Fail(1200, null)));
        UUID job = jobs.music("moderated");
        jobs.await(job, "failed");

        assertThat(told(job, 4)).last().isEqualTo("4 io.wavequeue.job.failed 1");
        Awaiting.until("the dead letter", () -> letters(job).size() == 1);
        JsonNode letter = JSON.readTree(letters(job).getFirst().value());
        assertThat(letter.path("id").asText()).isEqualTo(job.toString());
        assertThat(letter.path("model").asText()).isEqualTo(Jobs.MUSIC);
        assertThat(letter.path("input").path("prompt").asText()).isEqualTo("moderated");
        assertThat(letter.path("error").path("class").asText()).isEqualTo("moderated");
        assertThat(letter.path("failed_at").asText()).isNotEmpty();
        assertThat(letter.path("attempts")).singleElement().satisfies(attempt -> {
            assertThat(attempt.path("status").asText()).isEqualTo("failed");
            assertThat(attempt.path("charged_usd").decimalValue()).isEqualByComparingTo(Jobs.MUSIC_PRICE);
        });

        jobs.execute("""
                update job
                set status = 'queued', settled_at = null, dispatch_at = now(), sends = 0, version = version + 1,
                    error_class = null, error_message = null, error_retryable = null
                where id = ?
                  and status = 'failed'
                """, job);
        jobs.await(job, "succeeded");

        assertThat(told(job, 9))
                .endsWith(
                        "5 io.wavequeue.job.queued 1",
                        "6 io.wavequeue.job.submitting 2",
                        "7 io.wavequeue.job.running 2",
                        "8 io.wavequeue.job.succeeded 2",
                        "9 io.wavequeue.job.archived 2");
        Awaiting.until("the tombstone", () -> letters(job).size() >= 2);
        assertThat(letters(job)).hasSize(2).last().satisfies(record -> assertThat(record.value())
                .isNull());
    }

    @Test
    void shouldLoseNoEventWhenTheTopicsAreDeletedUnderWay() throws Exception {
        List<UUID> all = jobs.musicInBulk(200);
        Awaiting.until("some are done", () -> jobs.count("succeeded") >= 20);

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            admin.deleteTopics(List.of(Topics.EVENTS, Topics.DEAD_LETTERS))
                    .all()
                    .get();
        }

        jobs.await(200, "succeeded");
        Set<String> keys = all.stream().map(UUID::toString).collect(Collectors.toSet());
        Awaiting.until(
                "all events to be on the new topic",
                () -> 1_000
                        == TopicReader.read(kafka, Topics.EVENTS, keys).stream()
                                .map(EventIT::told)
                                .distinct()
                                .count());
        assertThat(simulator.totals().accepted()).isEqualTo(200);
    }

    private List<String> told(UUID job, int count) {
        List<String> told = new ArrayList<>();
        Awaiting.until(count + " events", () -> {
            told.clear();
            records(Topics.EVENTS, job).forEach(record -> told.add(brief(record)));
            return told.size() >= count;
        });
        return told;
    }

    private List<ConsumerRecord<byte[], byte[]>> letters(UUID job) {
        return records(Topics.DEAD_LETTERS, job);
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic, UUID job) {
        return TopicReader.read(kafka, topic, Set.of(job.toString()));
    }

    private static String told(ConsumerRecord<byte[], byte[]> record) {
        return TopicReader.text(record.key()) + brief(record);
    }

    private static String brief(ConsumerRecord<byte[], byte[]> record) {
        try {
            JsonNode event = JSON.readTree(record.value());
            JsonNode data = event.path("data");
            return "%d %s %d"
                    .formatted(
                            data.path("version").asLong(),
                            event.path("type").asText(),
                            data.path("attempt").asInt());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
