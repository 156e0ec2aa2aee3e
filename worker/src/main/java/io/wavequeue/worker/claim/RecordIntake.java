package io.wavequeue.worker.claim;

import io.wavequeue.dispatch.Signal;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import io.wavequeue.job.Lane;
import io.wavequeue.message.DeadLetters;
import io.wavequeue.message.JobRecords;
import io.wavequeue.message.JobRecords.ReadRecord;
import io.wavequeue.store.AccountStore;
import io.wavequeue.store.ClaimStore;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.DatabaseAwayException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sorts a batch of records: ours become candidates, other services' become jobs, and what can be neither is put aside
 * alone, as is what this or another installation sent and this database does not have. Waits while the database or the broker is away.
 */
@ApplicationScoped
public class RecordIntake {
    private static final Logger LOG = Logger.getLogger(RecordIntake.class);
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final AccountStore accounts;
    private final ClaimStore claims;
    private final ForeignRecords foreign;
    private final DeadLetters deadLetters;
    private final Signal signal = new Signal();
    private volatile boolean stopping;
    private volatile @Nullable JobRecords records;

    RecordIntake(AccountStore accounts, ClaimStore claims, ForeignRecords foreign, DeadLetters deadLetters) {
        this.accounts = accounts;
        this.claims = claims;
        this.foreign = foreign;
        this.deadLetters = deadLetters;
    }

    /** Thrown out of a wait when the worker stops: the batch stays unacknowledged. */
    public static final class StoppingException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    public void stop() {
        stopping = true;
        signal.wake();
    }

    /** The candidates among the records, each with its record. */
    public Map<Candidate, ConsumerRecord<byte[], byte[]>> sort(
            Lane lane, Iterable<ConsumerRecord<byte[], byte[]>> batch) throws InterruptedException {
        Map<Candidate, ConsumerRecord<byte[], byte[]>> candidates = new LinkedHashMap<>();
        List<Sent> others = new ArrayList<>();
        JobRecords reader = patiently(this::reader);
        for (ConsumerRecord<byte[], byte[]> record : batch) {
            switch (reader.read(record)) {
                case ReadRecord.Ours ours -> candidates.put(ours.candidate(), record);
                case ReadRecord.Others another -> others.add(new Sent(another.jobId(), record));
                case ReadRecord.Foreign ignored -> admitAlone(lane, record);
                case ReadRecord.Newer newer ->
                    LOG.infof("a record of schema %d is left to a newer worker", newer.schema());
                case ReadRecord.Bad bad -> putAside(record, JobError.of(ErrorClass.INVALID_INPUT, bad.reason()));
            }
        }
        putUnknownAside("another installation", others);
        return candidates;
    }

    /** Whatever is wrong with one record is put aside with it: the others of its batch go on. */
    private void admitAlone(Lane lane, ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        try {
            admit(lane, record);
        } catch (StoppingException stopping) {
            throw stopping;
        } catch (RuntimeException failure) {
            LOG.error("a record of another service could not be admitted", failure);
            putAside(record, JobError.of(ErrorClass.INTERNAL, "it could not be admitted: " + failure.getMessage()));
        }
    }

    /** Puts those aside whose job is not in this database: the database was restored or changed, and they may be paid. */
    public void putUnknownAside(Set<Candidate> idle, Map<Candidate, ConsumerRecord<byte[], byte[]>> records)
            throws InterruptedException {
        putUnknownAside(
                "this installation",
                records.entrySet().stream()
                        .filter(record -> idle.contains(record.getKey()))
                        .map(record -> new Sent(record.getKey().jobId(), record.getValue()))
                        .toList());
    }

    /** A record whose job somebody handed over, and had admitted before. */
    private record Sent(UUID jobId, ConsumerRecord<byte[], byte[]> record) {}

    /** Of those whose job is here, the row decides: it sends records of its own. */
    private void putUnknownAside(String sender, List<Sent> sent) throws InterruptedException {
        if (sent.isEmpty()) {
            return;
        }
        Set<UUID> unknown =
                patiently(() -> claims.unknown(sent.stream().map(Sent::jobId).collect(Collectors.toSet())));
        for (Sent one : sent) {
            if (unknown.contains(one.jobId())) {
                putAside(
                        one.record(),
                        JobError.of(
                                ErrorClass.UNKNOWN_JOB,
                                "%s sent job %s; this database does not have it: it may have been paid"
                                        .formatted(sender, one.jobId())));
            }
        }
    }

    private void admit(Lane lane, ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        Optional<String> refusal = patiently(() -> foreign.admit(lane, record));
        if (refusal.isPresent()) {
            putAside(record, JobError.of(ErrorClass.INVALID_INPUT, refusal.get()));
        }
    }

    private void putAside(ConsumerRecord<byte[], byte[]> record, JobError error) throws InterruptedException {
        LOG.warnf(
                "record %s-%d@%d is put on the dead-letter topic: %s",
                record.topic(), record.partition(), record.offset(), error.message());
        patiently(() -> {
            deadLetters.put(record, error);
            return true;
        });
    }

    private JobRecords reader() {
        JobRecords known = records;
        if (known == null) {
            known = new JobRecords(accounts.installationId());
            records = known;
        }
        return known;
    }

    private <T> T patiently(Supplier<T> work) throws InterruptedException {
        while (true) {
            try {
                return work.get();
            } catch (DatabaseAwayException | DeadLetters.NotTakenException away) {
                if (stopping) {
                    throw new StoppingException();
                }
                LOG.warnf("records wait: %s", away.getMessage());
                signal.await(AGAIN);
            }
        }
    }
}
