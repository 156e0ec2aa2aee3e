package io.wavequeue.letters;

import io.wavequeue.message.DeadLetterReader;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Which records of the topic count: the last of each key, unless that is a tombstone. Within a partition the last is told by its
 * place, and by time across partitions, of which there may have been fewer once. A hundred bytes a key.
 */
final class StandingLetters implements DeadLetterReader.Taker {
    private final Map<UUID, Last> lasts = new HashMap<>();

    private record Last(int partition, long offset, long at) {
        boolean isAfter(Last other) {
            return partition == other.partition ? offset > other.offset : at > other.at;
        }
    }

    @Override
    public void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() != null) {
            lasts.merge(hash(record), last(record), (known, one) -> one.isAfter(known) ? one : known);
        }
    }

    /** Of a record that was taken, when all are. What has no key stands for itself. */
    boolean isStanding(ConsumerRecord<byte[], byte[]> record) {
        return record.value() != null && (record.key() == null || last(record).equals(lasts.get(hash(record))));
    }

    private static UUID hash(ConsumerRecord<byte[], byte[]> record) {
        return UUID.nameUUIDFromBytes(record.key());
    }

    private static Last last(ConsumerRecord<byte[], byte[]> record) {
        return new Last(record.partition(), record.offset(), record.timestamp());
    }
}
