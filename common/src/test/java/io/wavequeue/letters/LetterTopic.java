package io.wavequeue.letters;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.wavequeue.admission.Admission;
import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.dispatch.WorkerAnswers;
import io.wavequeue.job.Lane;
import io.wavequeue.letters.LetterReplays.Letters;
import io.wavequeue.message.DeadLetterReader;
import io.wavequeue.message.EventSender;
import io.wavequeue.message.JobHeaders;
import io.wavequeue.message.KafkaAwayException;
import io.wavequeue.message.Topics;
import io.wavequeue.store.EventStore.Batch;
import io.wavequeue.store.LettersChoice.Meant;
import io.wavequeue.store.StoreFixture;
import io.wavequeue.store.view.JobFilter;
import io.wavequeue.test.Servers;
import io.wavequeue.test.TopicReader;
import io.wavequeue.wiring.WavequeueConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Letters of a real broker, and a database that has never heard of their jobs. Each test has an hour of its own, so that the
 * letters of others on the topic are none of its business.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LetterTopic {
    static final String MUSIC = "stability-ai/stable-audio-3/music";
    static final String AUDIO = "stability-ai/stable-audio-3/audio-to-audio";

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    final Catalogue catalogue = Catalogue.load(null, null);
    final StoreFixture store = new StoreFixture();
    LetterReplays replays;

    private final String kafka = Servers.kafka().bootstrapServers();
    private final Topics topics = new Topics(kafka, DEADLINE);
    private final Producer<byte[], byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka), new ByteArraySerializer(), new ByteArraySerializer());
    private final EventSender sender = new EventSender(() -> producer, store.accounts);

    /** Refusals have the time of their record, the others that which they tell. */
    private Instant hour;

    /** @param daysAgo the day whose hours the tests get */
    LetterTopic(int daysAgo) {
        hour = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(daysAgo));
    }

    @BeforeAll
    void start(@TempDir Path folder) {
        WavequeueConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(WavequeueConfig.class)
                .withDefaultValue("wavequeue.data-dir", folder.toString())
                .build()
                .getConfigMapping(WavequeueConfig.class);
        HistoryConfig impatient = new HistoryConfig() {
            @Override
            public boolean enabled() {
                return true;
            }

            @Override
            public Duration patience() {
                return Duration.ofMillis(200);
            }

            @Override
            public Duration keep() {
                return Duration.ofMinutes(10);
            }
        };
        replays = new LetterReplays(
                topics,
                new DeadLetterReader(kafka, DEADLINE),
                sender,
                new Admission(catalogue, store.media),
                catalogue,
                store.letters,
                new HistoryQuestions(store.history, new WorkerAnswers(store.workers), impatient),
                config,
                InstantSource.system());
        Awaitility.await("the topics")
                .atMost(DEADLINE)
                .ignoreExceptionsInstanceOf(KafkaAwayException.class)
                .until(() -> topics.outgoing() != null);
    }

    /** The next hour, and empty tables. */
    @BeforeEach
    void fresh() {
        hour = hour.plus(Duration.ofHours(1));
        store.execute(
                "truncate batch, job, resolution, past_jobs, history_question, history_item, budget_day, lookout, event cascade");
        // No worker of these tests beats, and none is to be missed.
        store.execute("update worker set beat_at = now() + interval '1 hour'");
        store.execute("insert into history_question (model, since, state, wanted_until, begun_at, read_at)"
                + " select m, now() - interval '8 days', 'read', now(), now(), now()"
                + " from unnest(array['" + MUSIC + "', '" + AUDIO + "', 'gone/model']) m");
    }

    @AfterAll
    void close() {
        producer.close(Duration.ofSeconds(1));
        topics.close();
        store.close();
    }

    Instant at(int minute) {
        return hour.plus(Duration.ofMinutes(minute));
    }

    void put(String key, @Nullable String value, String... headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.DEAD_LETTERS, null, at(1).toEpochMilli(), bytes(key), value == null ? null : bytes(value));
        for (int i = 0; i < headers.length; i += 2) {
            record.headers().add(headers[i], bytes(headers[i + 1]));
        }
        producer.send(record);
        producer.flush();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The letter of a job of another installation. */
    void putOfAnother(UUID id, Lane lane, String letter) {
        put(
                id.toString(),
                letter,
                JobHeaders.SCHEMA,
                "1",
                JobHeaders.INSTALLATION,
                UUID.randomUUID().toString(),
                JobHeaders.LANE,
                lane.code());
    }

    /** A failed job of another installation. */
    void putFailed(UUID id, String model, String input, String attempts, Instant failedAt) {
        putOfAnother(id, Lane.INTERACTIVE, """
                {"id":"%s","model":"%s","input":%s,"reference":"cue-1","labels":{"team": "fx"},"attempt":2,\
                "error":{"class":"provider_error","message":"it broke","retryable":true},"attempts":%s,"failed_at":"%s"}""".formatted(id, model, input, attempts, failedAt));
    }

    UUID putFailed(String input, Instant failedAt) {
        UUID id = UUID.randomUUID();
        putFailed(id, MUSIC, input, "[]", failedAt);
        return id;
    }

    Meant thisHour() {
        return new Meant(hour, at(60), JobFilter.ALL);
    }

    UUID replay(Meant meant) throws Exception {
        return replay(meant, null);
    }

    /** A replay of them; what is to be done after the commit is done. */
    UUID replay(Meant meant, @Nullable JsonNode overrides) throws Exception {
        try (Letters letters = replays.prepare(meant, Set.of(), overrides)) {
            UUID replay = store.chosen(letters.choice());
            letters.committed();
            return replay;
        }
    }

    List<String> items(UUID replay) {
        return store.texts("select job_id || coalesce(' ' || evidence, '') from resolution_item where resolution_id = '"
                + replay + "' order by 1");
    }

    List<ConsumerRecord<byte[], byte[]>> records(String key) {
        return TopicReader.read(kafka, Topics.DEAD_LETTERS, Set.of(key));
    }

    /** What the events of the rows make of the topic. */
    void publish() {
        Awaitility.await().atMost(DEADLINE).until(() -> {
            Optional<Batch> batch = store.events.take(1_000, Duration.ofMinutes(1));
            batch.ifPresent(some -> {
                sender.send(some.events());
                store.events.published(some);
            });
            return store.events.oldestUnpublished().isEmpty();
        });
    }

    static String attempt(int number, String status, @Nullable String prediction, Instant at, String error) {
        return """
                {"number":%d,"status":"%s","prediction_id":%s,"submitted_at":"%s","accepted_at":%s,"completed_at":%s,\
                "polls":3,"inference_ms":null,"charged_usd":%s,"refunded_usd":null,"error":%s}""".formatted(
                        number,
                        status,
                        prediction == null ? "null" : "\"" + prediction + "\"",
                        at,
                        prediction == null ? "null" : "\"" + at.plusSeconds(1) + "\"",
                        "\"" + at.plusSeconds(9) + "\"",
                        prediction == null ? "null" : "0.0217",
                        error);
    }

    /** As a worker puts a record aside. */
    String letter(String record, String errorClass) {
        return """
                {"record":"%s","truncated":false,"topic":"wavequeue.jobs.%s","partition":0,"offset":7,"produced_at":"%s",\
                "error":{"class":"%s","message":"no","retryable":false},"attempts":[],"failed_at":"%s"}""".formatted(
                        record.replace("\"", "\\\""),
                        errorClass.equals("unknown_job") ? "bulk" : "interactive",
                        at(1),
                        errorClass,
                        at(2));
    }

    void made(String model, String id, Instant at, @Nullable String inputKey, @Nullable String cliplessKey) {
        store.execute("insert into history_item (model, prediction_id, created_at, input_key, clipless_key) values ('"
                + model + "', '" + id + "', '" + at + "', " + text(inputKey) + ", " + text(cliplessKey) + ")");
    }

    private static String text(@Nullable String value) {
        return value == null ? "null" : "'" + value + "'";
    }
}
