package io.wavequeue.worker.flow;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.WorkerStore.RunningJob;
import io.wavequeue.worker.claim.Claimer;
import io.wavequeue.worker.claim.Places;
import io.wavequeue.worker.poll.Workload;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
    private final Map<Thread, RunningJob> following = new ConcurrentHashMap<>();
    private final Map<UUID, Long> fences = new ConcurrentHashMap<>();
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
        began(job.jobId(), job.fence());
        Thread.ofVirtual().name("job-" + job.jobId()).start(() -> submit(job, claimAsked));
    }

    /** Follows a prediction that another worker began. */
    public void adopt(RunningJob job) {
        began(job.jobId(), job.fence());
        Thread.ofVirtual().name("job-" + job.jobId()).start(() -> {
            try {
                follow(job, Workload.of(job.model()));
            } finally {
                ended(job.jobId(), job.fence());
            }
        });
    }

    private void began(UUID job, long fence) {
        held.incrementAndGet();
        fences.put(job, fence);
    }

    /** The jobs held now, with the fences under which they are held. */
    Map<UUID, Long> holding() {
        return Map.copyOf(fences);
    }

    /** Follows the job no longer: its row is somebody else's. A submit that is under way is left to find that out. */
    void drop(UUID job, long fence) {
        following.forEach((thread, followed) -> {
            if (followed.jobId().equals(job) && followed.fence() == fence) {
                thread.interrupt();
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
        following.keySet().forEach(Thread::interrupt);
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
                follow(accepted.get(), Workload.of(job.model(), job.input()));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.errorf(
                    failure, "job %s: its row names nobody who follows it; the next audit hands it over", job.jobId());
        } finally {
            ended(job.jobId(), job.fence());
        }
    }

    private void follow(RunningJob job, Workload workload) {
        following.put(Thread.currentThread(), job);
        try {
            flight.follow(job, workload);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException failure) {
            LOG.errorf(
                    failure, "job %s: its row names nobody who follows it; the next audit hands it over", job.jobId());
        } finally {
            following.remove(Thread.currentThread());
        }
    }

    private void ended(UUID job, long fence) {
        fences.remove(job, fence);
        held.decrementAndGet();
        places.jobsEnded(1);
        claimer.wake();
    }
}
