package io.wavequeue.message;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/** Puts aside records that cannot become jobs: the record as it was, and why. Failed jobs get there by {@link EventSender}. */
@ApplicationScoped
public class DeadLetters {
    private static final Logger LOG = Logger.getLogger(DeadLetters.class);

    private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(20);

    private final MutinyEmitter<byte[]> emitter;
    private final InstantSource clock;

    DeadLetters(@Channel("dead-letters-out") MutinyEmitter<byte[]> emitter, InstantSource clock) {
        this.emitter = emitter;
        this.clock = clock;
    }

    /**
     * Publishes the record with the reason and waits until the broker has it.
     *
     * @throws NotTakenException when the broker does not take it: the record must not be acknowledged then
     */
    public void put(ConsumerRecord<byte[], byte[]> record, JobError error) {
        try {
            emitter.sendMessage(Message.of(DeadLetterJson.of(record, error, clock.instant()))
                            .addMetadata(OutgoingKafkaRecordMetadata.<byte[]>builder()
                                    .withKey(key(record, error.errorClass()))
                                    .build()))
                    .await()
                    .atMost(ACKNOWLEDGED_WITHIN);
        } catch (RuntimeException failure) {
            if (isFinal(failure)) {
                LOG.errorf(
                        failure,
                        "record %s-%d@%d is lost: Kafka refuses its dead letter",
                        record.topic(),
                        record.partition(),
                        record.offset());
                return;
            }
            throw new NotTakenException(failure);
        }
    }

    /** True for what no repetition mends, such as a record that is too large. */
    private static boolean isFinal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ApiException && !(cause instanceof RetriableException)) {
                return true;
            }
        }
        return false;
    }

    /** The broker did not take a dead letter. */
    public static final class NotTakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotTakenException(Throwable cause) {
            super("Kafka does not take a dead letter: " + cause.getMessage(), cause);
        }
    }

    /**
     * A record of a job has the job's key, which is that of the letter that the job wrote when it failed: this one must not
     * replace it. The time tells places apart in a topic that was deleted and made anew.
     */
    private static byte[] key(ConsumerRecord<byte[], byte[]> record, ErrorClass why) {
        return record.key() != null && why != ErrorClass.UNKNOWN_JOB
                ? record.key()
                : "%s-%d-%d-%d"
                        .formatted(record.topic(), record.partition(), record.offset(), record.timestamp())
                        .getBytes(StandardCharsets.UTF_8);
    }
}
