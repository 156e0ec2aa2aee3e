package io.wavequeue.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.wavequeue.job.Lane;
import io.wavequeue.store.AccountStore;
import io.wavequeue.store.DispatchStore.DueJob;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Sends due jobs to their lane's topic through the channel's own producer, unwrapped: 3 times the emitter's rate. */
@ApplicationScoped
public class JobSender {
    static final String CHANNEL = "jobs-out";

    private static final JsonFactory JSON = new JsonFactory();

    /** So many consecutive jobs go to one partition: what is read of it has as much of each batch as was sent. */
    private static final int TOGETHER = 12;

    private static final Logger LOG = Logger.getLogger(JobSender.class);

    private final KafkaClientService clients;
    private final AccountStore accounts;
    private final AtomicInteger bulkSent = new AtomicInteger();
    private byte @Nullable [] installation;

    /** The emitter is what makes the channel, and with it the producer, exist. */
    JobSender(KafkaClientService clients, AccountStore accounts, @Channel(CHANNEL) Emitter<byte[]> channel) {
        this.clients = clients;
        this.accounts = accounts;
    }

    /**
     * Sends the jobs and waits for the broker's acknowledgements.
     *
     * @return those that were not acknowledged; they may have been sent all the same
     */
    public List<DueJob> send(List<DueJob> jobs) {
        Producer<byte[], byte[]> producer =
                clients.<byte[], byte[]>getProducer(CHANNEL).unwrap();
        List<DueJob> failed = new ArrayList<>();
        List<Future<?>> sent = new ArrayList<>(jobs.size());
        List<DueJob> underWay = new ArrayList<>(jobs.size());
        for (DueJob job : jobs) {
            if (!failed.isEmpty()) {
                failed.add(job);
                continue;
            }
            try {
                Future<?> acknowledgement = producer.send(record(job, partition(producer, job)));
                if (acknowledgement.isDone() && !isAcknowledged(acknowledgement)) {
                    // Refused at once, after a wait for the broker that the next record must not repeat.
                    failed.add(job);
                    continue;
                }
                sent.add(acknowledgement);
                underWay.add(job);
            } catch (KafkaException away) {
                LOG.warnf("Kafka takes no record: %s", away.getMessage());
                failed.add(job);
            }
        }
        producer.flush();
        for (int i = 0; i < sent.size(); i++) {
            if (!isAcknowledged(sent.get(i))) {
                failed.add(underWay.get(i));
            }
        }
        return failed;
    }

    private static boolean isAcknowledged(Future<?> sent) {
        try {
            sent.get();
            return true;
        } catch (ExecutionException failure) {
            LOG.warnf("Kafka did not take a record: %s", failure.getMessage());
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Interactive jobs are spread by their keys: none waits behind another at a worker that happens to be slow. */
    private @Nullable Integer partition(Producer<byte[], byte[]> producer, DueJob job) {
        if (job.lane() == Lane.INTERACTIVE) {
            return null;
        }
        int partitions = producer.partitionsFor(Topics.of(job.lane())).size();
        return Math.floorMod(bulkSent.getAndIncrement() / TOGETHER, partitions);
    }

    /** @param partition null = by the key */
    private ProducerRecord<byte[], byte[]> record(DueJob job, @Nullable Integer partition) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.of(job.lane()), partition, bytes(job.id().toString()), value(job));
        Headers headers = record.headers();
        headers.add(JobHeaders.SCHEMA, bytes(Integer.toString(JobHeaders.SCHEMA_VERSION)));
        headers.add(JobHeaders.DISPATCH, bytes(Integer.toString(job.dispatchNo())));
        headers.add(JobHeaders.INSTALLATION, installation());
        return record;
    }

    private synchronized byte[] installation() {
        if (installation == null) {
            installation = bytes(accounts.installationId().toString());
        }
        return installation;
    }

    /** The whole request. */
    static byte[] value(DueJob job) {
        ByteArrayOutputStream bytes =
                new ByteArrayOutputStream(256 + job.input().length());
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            new RequestJson(
                            job.id(),
                            job.model(),
                            job.input(),
                            job.labels(),
                            job.reference(),
                            job.batchId(),
                            job.maxAttempts(),
                            job.attempt())
                    .write(json);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
