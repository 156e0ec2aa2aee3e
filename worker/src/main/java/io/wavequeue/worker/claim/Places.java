package io.wavequeue.worker.claim;

import io.wavequeue.job.Lane;
import io.wavequeue.worker.run.WorkerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What this worker has room for: submits under way, and jobs followed at once. Taken before a claim, not after. */
@ApplicationScoped
public class Places {
    private static final Duration GATHER = Duration.ofMillis(20);
    private static final int WORTH_A_CLAIM = 32;
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** One of so many is kept for interactive jobs, so that they need not wait for an answer to bulk. */
    private static final int KEPT = 8;

    private final Semaphore submits;
    private final Debited jobs;
    private final int keptSubmits;
    private final int keptJobs;

    @Inject
    Places(WorkerConfig config) {
        this(config.submitConnections(), config.maxInFlight());
    }

    Places(int submits, int jobs) {
        this.submits = new Semaphore(submits);
        this.jobs = new Debited(jobs);
        this.keptSubmits = submits / KEPT;
        this.keptJobs = Math.min(keptSubmits, jobs / KEPT);
    }

    /**
     * Reserves room to submit and follow at most {@code most} jobs; returns for how many. Waits a while for the first, and where
     * room is short a moment for some more: claiming few costs as much as claiming many.
     */
    int reserve(Lane lane, int most, Duration patience) throws InterruptedException {
        int leaveSubmits = lane == Lane.BULK ? keptSubmits : 0;
        int leaveJobs = lane == Lane.BULK ? keptJobs : 0;
        if (!takeOne(submits, leaveSubmits, patience.toNanos())) {
            return 0;
        }
        if (!takeOne(jobs, leaveJobs, patience.toNanos())) {
            submits.release();
            return 0;
        }
        int reserved = 1;
        long end = System.nanoTime() + GATHER.toNanos();
        while (reserved < most
                && takeOne(submits, leaveSubmits, reserved < WORTH_A_CLAIM ? end - System.nanoTime() : 0)) {
            if (!takeOne(jobs, leaveJobs, 0)) {
                submits.release();
                break;
            }
            reserved++;
        }
        return reserved;
    }

    /** Takes one if so many are left then. Who leaves some does not queue for them: others would wait behind it. */
    private static boolean takeOne(Semaphore places, int left, long nanos) throws InterruptedException {
        if (left == 0) {
            return places.tryAcquire(nanos, TimeUnit.NANOSECONDS);
        }
        long end = System.nanoTime() + nanos;
        while (!places.tryAcquire(1 + left)) {
            if (System.nanoTime() >= end) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN_NANOS);
        }
        places.release(left);
        return true;
    }

    /** Gives back reservations that the claim did not use. */
    void unused(int count) {
        submits.release(count);
        jobs.release(count);
    }

    /** Room to follow, without a submit, at most {@code most} jobs of others; returns for how many. */
    public int reserveFollowed(int most) {
        int reserved = 0;
        while (reserved < most && jobs.tryAcquire()) {
            reserved++;
        }
        return reserved;
    }

    /** The POST has its answer. */
    public void submitEnded() {
        submits.release();
    }

    /** Jobs are no longer followed here; a negative count takes places that may not be free, as a debt. */
    public void jobsEnded(int count) {
        if (count >= 0) {
            jobs.release(count);
        } else {
            jobs.reduce(-count);
        }
    }

    /** A semaphore whose permits may be taken below zero. */
    private static final class Debited extends Semaphore {
        private static final long serialVersionUID = 1L;

        Debited(int permits) {
            super(permits);
        }

        void reduce(int count) {
            reducePermits(count);
        }
    }
}
