package io.wavequeue.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.wavequeue.job.Lane;
import io.wavequeue.message.EventSender;
import io.wavequeue.message.KafkaAwayException;
import io.wavequeue.message.Topics;
import io.wavequeue.store.EventStore.Batch;
import io.wavequeue.store.StoreFixture;
import io.wavequeue.test.Servers;
import io.wavequeue.test.TopicReader;
import io.wavequeue.wiring.WavequeueConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishers that are turned by hand, over a real database and a real broker. */
class EventPublisherIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration IMPATIENT = Duration.ofSeconds(2);
    private static final String NOBODY = "127.0.0.1:1";

    private final String kafka = Servers.kafka().bootstrapServers();
    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private final List<AutoCloseable> open = new ArrayList<>();
    private StoreFixture store;
    private Topics topics;
    private EventSender sender;

    @BeforeEach
    void start() {
        store = new StoreFixture();
        open.add(store);
        topics = new Topics(kafka, DEADLINE);
        open.add(topics::close);
        Awaitility.await("the topics")
                .atMost(DEADLINE)
                .ignoreExceptionsInstanceOf(KafkaAwayException.class)
                .until(() -> topics.outgoing() != null);
        sender = sender(kafka, PATIENT);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
    }

    private EventSender sender(String bootstrapServers, Duration patience) {
        Producer<byte[], byte[]> producer = producer(bootstrapServers, patience);
        return new EventSender(() -> producer, store.accounts);
    }

    private Producer<byte[], byte[]> producer(String bootstrapServers, Duration patience) {
        Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        patience.toMillis(),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        (int) patience.toMillis(),
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        (int) patience.multipliedBy(2).toMillis()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        open.add(() -> producer.close(Duration.ofSeconds(1)));
        return producer;
    }

    private EventPublisher publisher() {
        return publisher(sender, topics);
    }

    private EventPublisher publisher(EventSender events, Topics where) {
        WavequeueConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(WavequeueConfig.class)
                .build()
                .getConfigMapping(WavequeueConfig.class);
        return new EventPublisher(store.events, events, where, InstantSource.system(), config, metrics);
    }

    private void drain(EventPublisher publisher) {
        Awaitility.await("all events to be published")
                .atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptionsInstanceOf(KafkaAwayException.class)
                .until(() -> publisher.step() == 0
                        && store.events.oldestUnpublished().isEmpty());
    }

    private void letFail(UUID job) {
        change(
                job,
                "failed",
                "settled_at = now(), dispatch_at = null, error_class = 'internal',"
                        + " error_message = 'it broke', error_retryable = false");
    }

    private void replay(UUID job) {
        change(
                job,
                "queued",
                "settled_at = null, dispatch_at = now(), error_class = null, error_message = null,"
                        + " error_retryable = null");
    }

    private void change(UUID job, String status, String more) {
        store.execute(
                "update job set status = '%s', version = version + 1, %s where id = '%s'".formatted(status, more, job));
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic, List<UUID> jobs) {
        return TopicReader.read(kafka, topic, jobs.stream().map(UUID::toString).collect(Collectors.toSet()));
    }

    private List<String> eventIds(List<UUID> jobs) {
        return records(Topics.EVENTS, jobs).stream()
                .map(record -> json(record).path("id").textValue())
                .toList();
    }

    /** What compaction would leave. */
    private Set<String> letters(List<UUID> jobs) {
        Set<String> standing = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records(Topics.DEAD_LETTERS, jobs)) {
            String key = TopicReader.text(record.key());
            if (record.value() == null) {
                standing.remove(key);
            } else {
                standing.add(key);
            }
        }
        return standing;
    }

    private static JsonNode json(ConsumerRecord<byte[], byte[]> record) {
        try {
            return JSON.readTree(record.value());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<String> first(List<UUID> jobs) {
        return jobs.stream().map(job -> job + "/1").toList();
    }

    @Test
    void shouldPublishCloudEventsDeadLettersAndTombstones() {
        List<UUID> jobs = store.enqueue(1, Lane.BULK);
        UUID job = jobs.getFirst();
        letFail(job);
        drain(publisher());

        ConsumerRecord<byte[], byte[]> event = records(Topics.EVENTS, jobs).getLast();
        assertThat(TopicReader.text(event.headers().lastHeader("content-type").value()))
                .isEqualTo("application/cloudevents+json");
        JsonNode cloudEvent = json(event);
        String time = cloudEvent.path("time").textValue();
        assertThat(cloudEvent.toString()).isEqualTo("""
                {"specversion":"1.0","id":"%1$s/2","source":"/wavequeue/%2$s","type":"io.wavequeue.job.failed",\
                "subject":"%1$s","time":"%3$s","datacontenttype":"application/json",\
                "data":{"id":"%1$s","version":2,"status":"failed","previous_status":"queued","hold_reason":null,\
                "cancel_requested":false,"attempt":0,"model":"m","lane":"bulk","reference":null,"batch_id":null,\
                "error":{"class":"internal","message":"it broke","retryable":false}}}""".formatted(job, store.accounts.installationId(), time));

        ConsumerRecord<byte[], byte[]> letter =
                records(Topics.DEAD_LETTERS, jobs).getLast();
        assertThat(TopicReader.text(
                        letter.headers().lastHeader("wavequeue-lane").value()))
                .isEqualTo("bulk");
        String failedAt = json(letter).path("failed_at").textValue();
        assertThat(json(letter).toString()).isEqualTo("""
                {"id":"%s","model":"m","input":{"prompt":"0"},"attempt":0,\
                "error":{"class":"internal","message":"it broke","retryable":false},"attempts":[],"failed_at":"%s"}""".formatted(job, failedAt));

        replay(job);
        drain(publisher());
        assertThat(records(Topics.DEAD_LETTERS, jobs).getLast().value()).isNull();
        assertThat(eventIds(jobs)).containsExactly(job + "/1", job + "/2", job + "/3");
    }

    @Test
    void shouldPublishEachEventOnceWithTwoPublishersAtOnce() throws Exception {
        EventPublisher one = publisher();
        EventPublisher other = publisher(sender(kafka, PATIENT), topics);
        AtomicBoolean written = new AtomicBoolean();
        List<UUID> jobs = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = threads.submit(() -> untilWritten(one, written));
            Future<?> second = threads.submit(() -> untilWritten(other, written));
            for (int i = 0; i < 20; i++) {
                jobs.addAll(store.enqueue(500, Lane.BULK));
            }
            written.set(true);
            first.get();
            second.get();
        }

        assertThat(eventIds(jobs)).hasSize(10_000).containsExactlyInAnyOrderElementsOf(first(jobs));
    }

    private void untilWritten(EventPublisher publisher, AtomicBoolean written) {
        while (!written.get()) {
            assertThat(publisher.step()).isNotNegative();
        }
        drain(publisher);
    }

    @Test
    void shouldLoseNothingWhenAPublisherDiesBetweenSendingAndMovingTheCursor() {
        List<UUID> jobs = store.enqueue(50, Lane.BULK);
        Batch unfinished = Awaitility.await()
                .atMost(DEADLINE)
                .until(() -> store.events.take(20, Duration.ofHours(1)), Optional::isPresent)
                .orElseThrow();
        sender.send(unfinished.events());

        EventPublisher heir = publisher();
        assertThat(heir.step()).as("the dead one's lease").isZero();
        store.execute("update event_cursor set lease_until = now()");
        drain(heir);

        assertThat(eventIds(jobs)).hasSize(70).containsAll(first(jobs));
    }

    /** Held up between reading and sending, as by SIGSTOP, for longer than its lease: the heir has gone on meanwhile. */
    private EventPublisher frozen(List<UUID> jobs, EventPublisher heir, Producer<byte[], byte[]> producer) {
        letFail(jobs.getFirst());
        store.awaitHorizon();
        EventSender late = new EventSender(
                () -> {
                    store.execute("update event_cursor set lease_until = now()");
                    replay(jobs.getFirst());
                    drain(heir);
                    assertThat(letters(jobs)).isEmpty();
                    return producer;
                },
                store.accounts);
        return publisher(late, topics);
    }

    @Test
    void shouldWriteTheLettersAnewWhenItIsNotKnownWhetherTheyWereSentTooLate() {
        List<UUID> jobs = store.enqueue(1, Lane.BULK);
        EventPublisher heir = publisher();
        EventPublisher frozen = frozen(jobs, heir, producer(NOBODY, IMPATIENT));

        assertThatThrownBy(frozen::step).isInstanceOf(KafkaAwayException.class);

        int tombstones = records(Topics.DEAD_LETTERS, jobs).size();
        drain(heir);
        assertThat(records(Topics.DEAD_LETTERS, jobs))
                .hasSize(tombstones + 1)
                .last()
                .satisfies(record -> assertThat(record.value()).isNull());
    }

    @Test
    void shouldLetTheRowHaveTheLastWordWhenADeadLetterWasSentTooLate() {
        List<UUID> jobs = store.enqueue(1, Lane.BULK);
        EventPublisher heir = publisher();
        EventPublisher frozen = frozen(jobs, heir, producer(kafka, PATIENT));

        Awaitility.await("it to publish").atMost(DEADLINE).until(() -> frozen.step() > 0);

        assertThat(letters(jobs)).as("sent late").hasSize(1);
        drain(heir);
        assertThat(letters(jobs)).isEmpty();
    }

    @Test
    void shouldKeepAllWhileKafkaIsAwayAndStopNoJob() {
        EventPublisher cutOff = publisher(sender(NOBODY, IMPATIENT), topics);
        List<UUID> jobs = store.enqueue(1_500, Lane.BULK);

        Awaitility.await("a step that has something to send")
                .atMost(DEADLINE)
                .untilAsserted(() -> assertThatThrownBy(cutOff::step).isInstanceOf(KafkaAwayException.class));
        letFail(jobs.getFirst());
        assertThatThrownBy(cutOff::step).isInstanceOf(KafkaAwayException.class);
        assertThat(metrics.get(EventPublisher.AGE).gauge().value()).isPositive();

        EventPublisher connected = publisher();
        drain(connected);
        assertThat(eventIds(jobs)).hasSize(1_501).containsAll(first(jobs));
        assertThat(letters(jobs)).containsExactly(jobs.getFirst().toString());
    }

    @Test
    void shouldPublishAgainWhatWasOnTopicsThatWereDeleted() throws Exception {
        EventPublisher publisher = publisher(sender(kafka, IMPATIENT), topics);
        List<UUID> jobs = new ArrayList<>(store.enqueue(1_000, Lane.BULK));
        letFail(jobs.getFirst());
        letFail(jobs.get(1));
        drain(publisher);
        replay(jobs.get(1));

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            admin.deleteTopics(List.of(Topics.EVENTS, Topics.DEAD_LETTERS))
                    .all()
                    .get();
        }
        jobs.addAll(store.enqueue(1_000, Lane.BULK));

        Awaitility.await("all events to be there again")
                .atMost(DEADLINE)
                .ignoreExceptions()
                .until(() -> {
                    publisher.step();
                    return new HashSet<>(eventIds(jobs)).size() == 2_003
                            && letters(jobs).size() == 1;
                });
        assertThat(letters(jobs)).containsExactly(jobs.getFirst().toString());
        assertThat(config(Topics.EVENTS))
                .containsEntry("cleanup.policy", "delete")
                .containsEntry("retention.ms", Long.toString(Duration.ofDays(30).toMillis()));
        assertThat(config(Topics.DEAD_LETTERS))
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("retention.ms", "-1");
    }

    private Map<String, String> config(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            return admin.describeConfigs(List.of(resource)).all().get().get(resource).entries().stream()
                    .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
        }
    }
}
