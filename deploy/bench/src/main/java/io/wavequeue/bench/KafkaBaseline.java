package io.wavequeue.bench;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A plain producer that sends records of a job's size to a topic of its own, acknowledged by all. */
final class KafkaBaseline {
    private static final int RECORDS = 50_000;
    private static final String TOPIC = "bench.raw";

    /** As many as a topic of jobs has. */
    private static final int PARTITIONS = 12;

    private KafkaBaseline() {}

    static double recordsPerSecond(String bootstrapServers) throws InterruptedException {
        makeTopic(bootstrapServers);
        AtomicReference<Exception> failure = new AtomicReference<>();
        Map<String, Object> settings =
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.ACKS_CONFIG, "all");
        long start;
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.partitionsFor(TOPIC);
            start = System.nanoTime();
            for (int i = 0; i < RECORDS; i++) {
                byte[] key = UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8);
                var unused = producer.send(new ProducerRecord<>(TOPIC, key, value(i)), (sent, problem) -> {
                    if (problem != null) {
                        failure.set(problem);
                    }
                });
            }
            producer.flush();
            if (failure.get() != null) {
                throw new BenchFailedException("Kafka did not take every record: " + failure.get());
            }
            return RECORDS / Waiting.secondsSince(start);
        }
    }

    private static void makeTopic(String bootstrapServers) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        } catch (ExecutionException failure) {
            if (!(failure.getCause() instanceof TopicExistsException)) {
                throw new BenchFailedException("no topic for the baseline: " + failure.getCause());
            }
        }
    }

    /** Of the form that dispatch sends. */
    private static byte[] value(int i) {
        return "{\"id\":\"%s\",\"model\":\"%s\",\"input\":%s,\"labels\":{},\"attempt\":0}"
                .formatted(UUID.randomUUID(), Clips.MODEL, Clips.input("raw " + i))
                .getBytes(StandardCharsets.UTF_8);
    }
}
