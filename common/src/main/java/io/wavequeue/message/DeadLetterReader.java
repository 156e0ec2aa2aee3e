package io.wavequeue.message;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Reads the dead-letter topic from its beginning to where it ends now. Belongs to no group and commits nothing. */
@ApplicationScoped
public class DeadLetterReader {
    private static final Duration LOOK = Duration.ofMillis(250);

    /** A broker that gives nothing for so many looks, though there is more, is away. */
    private static final int MOST_EMPTY_LOOKS = 120;

    /** For more than there is nobody waits: closing the consumer would wait for that, too. */
    private static final int FETCH_WAIT_MS = 20;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String bootstrapServers;
    private final Duration patience;

    @Inject
    DeadLetterReader(@ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers) {
        this(bootstrapServers, PATIENCE);
    }

    /** @param patience after which a broker that does not answer is away, 5 s at least; one that gives no records has longer */
    public DeadLetterReader(String bootstrapServers, Duration patience) {
        this.bootstrapServers = bootstrapServers;
        this.patience = patience;
    }

    /** Takes the records, in their order within each partition. */
    @FunctionalInterface
    public interface Taker {
        void take(ConsumerRecord<byte[], byte[]> record) throws IOException;
    }

    /** How far a reading comes. */
    public record End(Map<TopicPartition, Long> offsets) {
        public End {
            offsets = Map.copyOf(offsets);
        }

        private long of(ConsumerRecord<byte[], byte[]> record) {
            return offsets.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
        }
    }

    /**
     * Where the topic ends now. It must be there.
     *
     * @throws KafkaAwayException when the broker does not answer
     */
    public End end() {
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            return new End(consumer.endOffsets(consumer.partitionsFor(Topics.DEAD_LETTERS).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList()));
        } catch (KafkaException away) {
            throw new KafkaAwayException(away);
        }
    }

    /**
     * Reads all of it up to there.
     *
     * @throws KafkaAwayException when the broker does not answer
     * @throws IOException what the taker threw
     */
    public void read(End end, Taker taker) throws IOException {
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(end.offsets().keySet());
            consumer.seekToBeginning(end.offsets().keySet());
            read(consumer, end, taker);
        } catch (KafkaException away) {
            throw new KafkaAwayException(away);
        }
    }

    /** The keys that have records behind that end by now. */
    public Set<ByteBuffer> keysSince(End end) throws IOException {
        Set<ByteBuffer> keys = new HashSet<>();
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(end.offsets().keySet());
            end.offsets().forEach(consumer::seek);
            read(consumer, new End(consumer.endOffsets(end.offsets().keySet())), record -> {
                if (record.key() != null) {
                    keys.add(ByteBuffer.wrap(record.key()));
                }
            });
            return keys;
        } catch (KafkaException away) {
            throw new KafkaAwayException(away);
        }
    }

    /** What lies between compacted records is passed over: a position may be further on than the last record. */
    private static void read(Consumer<byte[], byte[]> consumer, End end, Taker taker) throws IOException {
        int empty = 0;
        while (end.offsets().entrySet().stream()
                .anyMatch(partition -> consumer.position(partition.getKey()) < partition.getValue())) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(LOOK);
            empty = records.isEmpty() ? empty + 1 : 0;
            if (empty > MOST_EMPTY_LOOKS) {
                throw new KafkaException("it gives no record of " + Topics.DEAD_LETTERS + " any more");
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (record.offset() < end.of(record)) {
                    taker.take(record);
                }
            }
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                        "false",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        "false",
                        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                        4 << 20,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        1 << 20,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                        FETCH_WAIT_MS,
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        Math.toIntExact(patience.toMillis()),
                        ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        "5000"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
