package io.wavequeue.worker.flow;

import io.smallrye.reactive.messaging.annotations.Blocking;
import io.wavequeue.job.Lane;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.worker.claim.Claimer;
import io.wavequeue.worker.claim.RecordIntake;
import io.wavequeue.worker.flow.ConsumerRest.Rest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Consumes both lanes, one batch of each at a time. Returning acknowledges the batch; it throws only when the worker stops.
 *
 * <p>A batch occupies its lane for a few seconds at most, except while the database is away.
 */
@ApplicationScoped
public class JobConsumer {
    private static final Logger LOG = Logger.getLogger(JobConsumer.class);

    private static final String INTERACTIVE = "jobs-interactive";
    private static final String BULK = "jobs-bulk";

    private final RecordIntake intake;
    private final Claimer claimer;
    private final Flights flights;
    private final ConsumerRest rests;

    JobConsumer(RecordIntake intake, Claimer claimer, Flights flights, ConsumerRest rests) {
        this.intake = intake;
        this.claimer = claimer;
        this.flights = flights;
        this.rests = rests;
    }

    @Incoming(INTERACTIVE)
    @Blocking("interactive")
    public void interactive(ConsumerRecords<byte[], byte[]> batch) {
        try (Rest rest = rests.begin(INTERACTIVE)) {
            consume(Lane.INTERACTIVE, batch);
        }
    }

    @Incoming(BULK)
    @Blocking("bulk")
    public void bulk(ConsumerRecords<byte[], byte[]> batch) {
        try (Rest rest = rests.begin(BULK)) {
            consume(Lane.BULK, batch);
        }
    }

    /** The consumer's edge: a batch that fails is acknowledged, since every job's row is sent again until it is claimed. */
    private void consume(Lane lane, ConsumerRecords<byte[], byte[]> batch) {
        try {
            Map<Candidate, ConsumerRecord<byte[], byte[]>> candidates = intake.sort(lane, batch);
            Set<Candidate> idle = claimer.claim(lane, new ArrayList<>(candidates.keySet()), flights::launch);
            intake.putUnknownAside(idle, candidates);
        } catch (RecordIntake.StoppingException stopping) {
            throw stopping;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted; the batch is not acknowledged", interrupted);
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "a batch of %d records failed; their rows are sent again", batch.count());
        }
    }
}
