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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
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
        jobs.deleteAll();
        jobs.execute("delete from submit_window");
    }

    @Test
    void shouldTellEachStepOfAJobOnceAndInOrder() {
        UUID job = jobs.music("a calm menu theme");
        jobs.await(job, "succeeded");

        assertThat(told(job, "archived 1"))
                .containsExactly("queued 0", "submitting 1", "running 1", "succeeded 1", "archived 1");
        assertThat(letters(job)).isEmpty();
    }

    @Test
    void shouldTellWhereTheOutputsAreWhenAllAreArchived() throws IOException {
        UUID job = jobs.music("a calm menu theme");
        told(job, "archived 1");

        Map<String, Object> output = jobs.row("select * from output where job_id = ?", job);
        JsonNode event = JSON.readTree(records(Topics.EVENTS, job).getLast().value());
        assertThat(event.path("id").asText())
                .isEqualTo(job + "/" + event.at("/data/version").asLong());
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

        told(job, "failed 1");
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

        assertThat(told(job, "archived 2"))
                .endsWith("failed 1", "queued 1", "submitting 2", "running 2", "succeeded 2", "archived 2");
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
        Awaiting.until("all events to be on the new topic", () -> {
            Map<String, List<ConsumerRecord<byte[], byte[]>>> byJob =
                    TopicReader.read(kafka, Topics.EVENTS, keys).stream()
                            .collect(Collectors.groupingBy(record -> TopicReader.text(record.key())));
            return byJob.size() == 200 && byJob.values().stream().allMatch(of -> isWhole(events(of), "archived 1"));
        });
        assertThat(simulator.totals().accepted()).isEqualTo(200);
    }

    /** What is told of a change. */
    private record Told(long version, String type, int attempt) {
        private String step() {
            return type.replace("io.wavequeue.job.", "") + " " + attempt;
        }
    }

    /** The job's steps until that one, told without a gap. A claim that came to nothing, as it may, is left out. */
    private List<String> told(UUID job, String last) {
        Awaiting.until(last + " of " + job, () -> isWhole(events(records(Topics.EVENTS, job)), last));
        List<String> steps = new ArrayList<>();
        for (Told told : events(records(Topics.EVENTS, job))) {
            boolean isBack = told.step().startsWith("queued")
                    && !steps.isEmpty()
                    && steps.getLast().startsWith("submitting");
            if (isBack) {
                steps.removeLast();
            } else {
                steps.add(told.step());
            }
        }
        return steps;
    }

    /** Events come at least once. */
    private static List<Told> events(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream().map(EventIT::told).distinct().toList();
    }

    /** After the loss of a topic what was sent since is told before what is told again. */
    private static boolean isWhole(List<Told> told, String last) {
        List<Told> events =
                told.stream().sorted(Comparator.comparingLong(Told::version)).toList();
        return events.getLast().step().equals(last)
                && events.stream()
                        .map(Told::version)
                        .toList()
                        .equals(LongStream.rangeClosed(1, events.size()).boxed().toList());
    }

    private List<ConsumerRecord<byte[], byte[]>> letters(UUID job) {
        return records(Topics.DEAD_LETTERS, job);
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic, UUID job) {
        return TopicReader.read(kafka, topic, Set.of(job.toString()));
    }

    private static Told told(ConsumerRecord<byte[], byte[]> record) {
        try {
            JsonNode event = JSON.readTree(record.value());
            JsonNode data = event.path("data");
            return new Told(
                    data.path("version").asLong(),
                    event.path("type").asText(),
                    data.path("attempt").asInt());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
