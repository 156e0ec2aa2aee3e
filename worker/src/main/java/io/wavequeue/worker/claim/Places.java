package io.wavequeue.worker.claim;

import io.wavequeue.worker.run.WorkerConfig;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** What this worker has room for: submits under way, and jobs followed at once. Taken before a claim, not after. */
@ApplicationScoped
public class Places {
    private static final Duration GATHER = Duration.ofMillis(20);
    private static final int WORTH_A_CLAIM = 32;

    private final Semaphore submits;
    private final Debited jobs;

    Places(WorkerConfig config) {
        this.submits = new Semaphore(config.submitConnections());
        this.jobs = new Debited(config.maxInFlight());
    }

    /**
     * Reserves room to submit and follow at most {@code most} jobs; returns for how many. Waits a while for the first, and where
     * room is short a moment for some more: claiming few costs as much as claiming many.
     */
    int reserve(int most, Duration patience) throws InterruptedException {
        if (!submits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return 0;
        }
        if (!jobs.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            submits.release();
            return 0;
        }
        int reserved = 1;
        long end = System.nanoTime() + GATHER.toNanos();
        while (reserved < most && takeSubmit(reserved < WORTH_A_CLAIM ? end - System.nanoTime() : 0)) {
            if (!jobs.tryAcquire()) {
                submits.release();
                break;
            }
            reserved++;
        }
        return reserved;
    }

    private boolean takeSubmit(long nanos) throws InterruptedException {
        return submits.tryAcquire(nanos, TimeUnit.NANOSECONDS);
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
