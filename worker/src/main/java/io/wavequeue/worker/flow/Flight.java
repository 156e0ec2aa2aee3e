package io.wavequeue.worker.flow;

import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.AccountStore;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.WorkerStore.RunningJob;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.worker.archive.Archiver;
import io.wavequeue.worker.poll.Poller;
import io.wavequeue.worker.poll.Poller.PollResult;
import io.wavequeue.worker.poll.Workload;
import io.wavequeue.worker.provider.SubmitAnswer;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import io.wavequeue.worker.settle.RetryDecider;
import io.wavequeue.worker.settle.Settler;
import io.wavequeue.worker.submit.Submitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What is done with one job, from its claim to its end. The two halves meet where the prediction's id is recorded. */
@ApplicationScoped
class Flight {
    private static final Logger LOG = Logger.getLogger(Flight.class);

    private final Submitter submitter;
    private final Poller poller;
    private final Settler settler;
    private final Archiver archiver;
    private final AccountStore accounts;
    private final Outcomes outcomes;
    private final InstantSource clock;

    Flight(
            Submitter submitter,
            Poller poller,
            Settler settler,
            Archiver archiver,
            AccountStore accounts,
            RetryDecider retries,
            InstantSource clock) {
        this.submitter = submitter;
        this.poller = poller;
        this.settler = settler;
        this.archiver = archiver;
        this.accounts = accounts;
        this.outcomes = new Outcomes(retries);
        this.clock = clock;
    }

    /** Submits once and writes what came of it. The prediction to follow, when there is one and it is still ours. */
    Optional<RunningJob> submit(ClaimedJob job, Stamp claimAsked) throws InterruptedException {
        Instant began = clock.instant();
        SubmitAnswer answer = submitter.submit(job, claimAsked);
        Instant answered = clock.instant();
        KillPoint.reach("submit.after");
        Transition outcome = Outcomes.of(job, answer, began, answered);
        if (answer instanceof SubmitAnswer.Accepted accepted) {
            return accepted(job, accepted, outcome, began);
        }
        settler.settle(outcome);
        switch (answer) {
            case SubmitAnswer.NotSent notSent ->
                LOG.infof("job %s was not sent (%s); it goes again", job.jobId(), notSent.reason());
            case SubmitAnswer.Throttled throttled -> slowDown(job, Outcomes.wait(throttled));
            case SubmitAnswer.AccountTrouble ignored -> {}
            case SubmitAnswer.Accepted ignored -> {}
            case SubmitAnswer.Refused ignored -> {}
            case SubmitAnswer.Uncertain ignored -> {}
        }
        return Optional.empty();
    }

    /**
     * One line per decrease: the other submits of the same burst tell nothing new. The job's own change is written by now;
     * should the account's be lost, the next 429 repeats it.
     */
    private void slowDown(ClaimedJob job, Duration wait) {
        try {
            accounts.throttle(wait, job.pacedSince())
                    .ifPresent(pace -> LOG.warnf(
                            "the provider throttles: nothing is submitted for %d s, then %d a minute, more from moment to moment",
                            wait.toSeconds(), pace.perMinute()));
        } catch (DatabaseAwayException away) {
            LOG.warnf("the account is not slowed down yet: %s", away.getMessage());
        }
    }

    private Optional<RunningJob> accepted(
            ClaimedJob job, SubmitAnswer.Accepted accepted, Transition running, Instant began)
            throws InterruptedException {
        boolean ours;
        KillPoint.reach("record.before");
        try {
            ours = settler.settle(running);
        } catch (IllegalStateException unwritable) {
            settler.settle(Outcomes.unrecordable(job, accepted, began, running.at()));
            return Optional.empty();
        }
        if (!ours) {
            LOG.errorf(
                    "job %s was taken over while its submit was under way; it was accepted as prediction %s",
                    job.jobId(), accepted.predictionId());
            return Optional.empty();
        }
        KillPoint.reach("record.after");
        return Optional.of(new RunningJob(
                job.jobId(),
                job.fence(),
                job.attempt(),
                job.maxAttempts(),
                job.model(),
                accepted.predictionId(),
                running.at(),
                job.createdAt()));
    }

    /**
     * Follows the prediction to its end and writes it.
     *
     * @param workload what its run time is foreseen by
     */
    void follow(RunningJob job, Workload workload) throws InterruptedException {
        PollResult result = poller.poll(workload, job.predictionId(), job.acceptedAt());
        Instant ended = clock.instant();
        Transition outcome = outcomes.of(job, result, ended);
        if (outcome.next() instanceof Next.Succeeded) {
            complete(job, outcome, result);
        } else if (settler.settle(outcome) && result instanceof PollResult.GivenUp givenUp) {
            LOG.warnf(
                    "job %s failed: %s. Its prediction is looked at now and then, and what it makes is kept",
                    job.jobId(), givenUp.error().message());
        }
    }

    private void complete(RunningJob job, Transition succeeded, PollResult seen) throws InterruptedException {
        try {
            KillPoint.reach("settle.before");
            if (settler.settle(succeeded)) {
                KillPoint.reach("settle.after");
                archiver.wake();
            }
        } catch (IllegalStateException unwritable) {
            settler.settle(outcomes.unrecordable(job, seen, succeeded.at()));
        }
    }
}
