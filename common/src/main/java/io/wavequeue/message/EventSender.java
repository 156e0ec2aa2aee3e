package io.wavequeue.message;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.wavequeue.store.AccountStore;
import io.wavequeue.store.JobEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Sends events and dead letters through the channel's own producer, in order, and waits until the broker has them all. */
@ApplicationScoped
public class EventSender {
    static final String CHANNEL = "events-out";

    private static final Logger LOG = Logger.getLogger(EventSender.class);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final AccountStore accounts;
    private volatile @Nullable EventRecords records;

    /** The emitter is what makes the channel, and with it the producer, exist. */
    @Inject
    EventSender(KafkaClientService clients, AccountStore accounts, @Channel(CHANNEL) Emitter<byte[]> channel) {
        this(() -> clients.<byte[], byte[]>getProducer(CHANNEL).unwrap(), accounts);
    }

    /** Sends through a producer of the caller's own. */
    public EventSender(Supplier<Producer<byte[], byte[]>> producers, AccountStore accounts) {
        this.producers = producers;
        this.accounts = accounts;
    }

    /**
     * Sends the events, and the dead letters that belong to them.
     *
     * @throws KafkaAwayException when not all were acknowledged; any of them may have been sent all the same
     */
    public void send(List<JobEvent> events) {
        Producer<byte[], byte[]> producer = producers.get();
        EventRecords form = form();
        List<Sent> sent = new ArrayList<>(events.size());
        try {
            for (JobEvent event : events) {
                for (ProducerRecord<byte[], byte[]> record : form.of(event)) {
                    Sent one = new Sent(event, record.topic(), producer.send(record));
                    if (one.acknowledgement().isDone()) {
                        // Refused at once, after a wait for the broker that the next record must not repeat.
                        awaitAcknowledged(one);
                    } else {
                        sent.add(one);
                    }
                }
            }
        } catch (KafkaException away) {
            throw new KafkaAwayException(away);
        } finally {
            // Even after a failure: what is still in the producer must not go out after the lease.
            producer.flush();
        }
        sent.forEach(EventSender::awaitAcknowledged);
    }

    /**
     * Removes dead letters that stand under keys other than their job's.
     *
     * @throws KafkaAwayException when not all were acknowledged; any of them may be gone all the same
     */
    public void removeLetters(Collection<byte[]> keys) {
        Producer<byte[], byte[]> producer = producers.get();
        List<Future<?>> sent = new ArrayList<>(keys.size());
        try {
            for (byte[] key : keys) {
                sent.add(producer.send(new ProducerRecord<>(Topics.DEAD_LETTERS, key, null)));
            }
            producer.flush();
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (KafkaException | ExecutionException away) {
            throw new KafkaAwayException(away);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaAwayException(interrupted);
        }
    }

    private record Sent(JobEvent event, String topic, Future<?> acknowledgement) {}

    /** A record that the broker finds too large stays so: the others must not wait for it for ever. */
    private static void awaitAcknowledged(Sent sent) {
        try {
            sent.acknowledgement().get();
        } catch (ExecutionException failure) {
            if (!(failure.getCause() instanceof RecordTooLargeException)) {
                throw new KafkaAwayException(failure);
            }
            LOG.errorf(
                    "%s does not take version %d of job %s, which is left out; the job's row has it: %s",
                    sent.topic(), sent.event().version(), sent.event().jobId(), failure.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaAwayException(interrupted);
        }
    }

    private EventRecords form() {
        EventRecords known = records;
        if (known == null) {
            known = new EventRecords(accounts.installationId());
            records = known;
        }
        return known;
    }
}
