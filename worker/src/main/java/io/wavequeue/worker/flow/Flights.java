package io.wavequeue.worker.flow;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.WorkerStore.RunningJob;
import io.wavequeue.worker.claim.Claimer;
import io.wavequeue.worker.claim.Places;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** The jobs that this worker holds, each on a virtual thread of its own. */
@ApplicationScoped
public class Flights {
    private static final Logger LOG = Logger.getLogger(Flights.class);

    private final Flight flight;
    private final Places places;
    private final Claimer claimer;
    private final Set<Thread> following = ConcurrentHashMap.newKeySet();
    private final AtomicInteger submitting = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final Semaphore submitEnded = new Semaphore(0);

    Flights(Flight flight, Places places, Claimer claimer, MeterRegistry metrics) {
        Gauge.builder("wavequeue.jobs.held.by.worker", held, AtomicInteger::get)
                .description("Jobs that this worker submits or follows now")
                .register(metrics);
        this.flight = flight;
        this.places = places;
        this.claimer = claimer;
    }

    /** Submits a claimed job and follows it to its end. */
    public void launch(ClaimedJob job, Stamp claimAsked) {
        submitting.incrementAndGet();
        held.incrementAndGet();
        Thread.ofVirtual().name("job-" + job.jobId()).start(() -> submit(job, claimAsked));
    }

    /** Follows a prediction that another worker began. */
    public void adopt(RunningJob job) {
        held.incrementAndGet();
        Thread.ofVirtual().name("job-" + job.jobId()).start(() -> {
            try {
                follow(job);
            } finally {
                ended();
            }
        });
    }

    /** Jobs held now. */
    public int held() {
        return held.get();
    }

    /**
     * Waits for the submits that are under way, then lets go of the predictions: their rows stay running, for others.
     *
     * @return false when submits were still under way at the end of the patience
     */
    public boolean drain(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (submitting.get() > 0 && System.nanoTime() < end) {
            submitEnded.tryAcquire(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        following.forEach(Thread::interrupt);
        return submitting.get() == 0;
    }

    private void submit(ClaimedJob job, Stamp claimAsked) {
        try {
            Optional<RunningJob> accepted;
            try {
                accepted = flight.submit(job, claimAsked);
            } finally {
                places.submitEnded();
                submitting.decrementAndGet();
                submitEnded.release();
                claimer.wake();
            }
            if (accepted.isPresent()) {
                follow(accepted.get());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.errorf(
                    failure,
                    "job %s: its row names this worker until that ends; then others take it over",
                    job.jobId());
        } finally {
            ended();
        }
    }

    private void follow(RunningJob job) {
        following.add(Thread.currentThread());
        try {
            flight.follow(job);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.errorf(
                    failure,
                    "job %s: its row names this worker until that ends; then others take it over",
                    job.jobId());
        } finally {
            following.remove(Thread.currentThread());
        }
    }

    private void ended() {
        held.decrementAndGet();
        places.jobsEnded(1);
        claimer.wake();
    }
}
