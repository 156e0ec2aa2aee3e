package io.wavequeue.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what lies on a topic. */
public final class TopicReader {
    private static final Duration LOOK = Duration.ofMillis(200);

    private TopicReader() {}

    /** All records with one of the keys, in their order within each key. */
    public static List<ConsumerRecord<byte[], byte[]>> read(String bootstrapServers, String topic, Set<String> keys) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                // Nobody waits for more than there is; closing would wait for that, too.
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "allow.auto.create.topics",
                        "false",
                        "fetch.max.wait.ms",
                        "20"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(LOOK).forEach(record -> {
                    if (record.key() != null && keys.contains(text(record.key()))) {
                        records.add(record);
                    }
                });
            }
        }
        return records;
    }

    public static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
