package io.wavequeue.worker.flow;

import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.AccountStore;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.DatabaseAwayException;
import io.wavequeue.store.WorkerStore.RunningJob;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.worker.account.ProviderHealth;
import io.wavequeue.worker.archive.Archiver;
import io.wavequeue.worker.poll.Poller;
import io.wavequeue.worker.poll.Poller.PollResult;
import io.wavequeue.worker.provider.Prediction;
import io.wavequeue.worker.provider.SubmitAnswer;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import io.wavequeue.worker.settle.RetryDecider;
import io.wavequeue.worker.settle.RetryDecider.Tried;
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
    private static final Duration THROTTLED_AGAIN = Duration.ofSeconds(5);

    private final Submitter submitter;
    private final Poller poller;
    private final Settler settler;
    private final Archiver archiver;
    private final AccountStore accounts;
    private final ProviderHealth health;
    private final RetryDecider retries;
    private final InstantSource clock;

    Flight(
            Submitter submitter,
            Poller poller,
            Settler settler,
            Archiver archiver,
            AccountStore accounts,
            ProviderHealth health,
            RetryDecider retries,
            InstantSource clock) {
        this.submitter = submitter;
        this.poller = poller;
        this.settler = settler;
        this.archiver = archiver;
        this.accounts = accounts;
        this.health = health;
        this.retries = retries;
        this.clock = clock;
    }

    /** Submits once and writes what came of it. The prediction to follow, when there is one and it is still ours. */
    Optional<RunningJob> submit(ClaimedJob job, Stamp claimAsked) throws InterruptedException {
        Instant began = clock.instant();
        SubmitAnswer answer = submitter.submit(job, claimAsked);
        Instant answered = clock.instant();
        KillPoint.reach("submit.after");
        return switch (answer) {
            case SubmitAnswer.Accepted accepted -> accepted(job, accepted, began, answered);
            case SubmitAnswer.NotSent notSent -> {
                LOG.infof("job %s was not sent (%s); it goes again", job.jobId(), notSent.reason());
                yield settle(job, new Next.Queued(notSent.again()), new AttemptChange.Removed(false), answered);
            }
            case SubmitAnswer.Throttled throttled -> {
                Duration wait = throttled.retryAfter() == null ? THROTTLED_AGAIN : throttled.retryAfter();
                LOG.warnf("the provider throttles: nothing is claimed for %d s", wait.toSeconds());
                settle(job, new Next.Queued(wait), new AttemptChange.Removed(true), answered);
                tellAccount(() -> accounts.throttle(wait));
                yield Optional.empty();
            }
            case SubmitAnswer.AccountTrouble trouble -> {
                JobError error = new JobError(trouble.reason().errorClass(), trouble.message(), true);
                settle(job, new Next.Held(trouble.reason(), error), new AttemptChange.Removed(true), answered);
                tellAccount(() -> stopSubmitting(job, trouble));
                yield Optional.empty();
            }
            case SubmitAnswer.Refused refused ->
                settle(
                        job,
                        new Next.Failed(refused.error()),
                        new AttemptChange.Refused(refused.error(), began),
                        answered);
            case SubmitAnswer.Uncertain uncertain ->
                settle(
                        job,
                        new Next.Uncertain(uncertain.error()),
                        new AttemptChange.Uncertain(uncertain.error(), began),
                        answered);
        };
    }

    /** One ERROR line per stop: the others that were under way find the account held, and a probe changes nothing. */
    private void stopSubmitting(ClaimedJob job, SubmitAnswer.AccountTrouble trouble) {
        if (!accounts.hold(trouble.reason(), trouble.message())) {
            return;
        }
        if (health.wasCreditProbe(job.jobId())) {
            LOG.warnf("submitting stays stopped: %s", trouble.message());
        } else {
            LOG.errorf("submitting is stopped: %s", trouble.message());
        }
    }

    /** The job's own change is written by now. Should the account's be lost, the next answer of the kind repeats it. */
    private static void tellAccount(Runnable change) {
        try {
            change.run();
        } catch (DatabaseAwayException away) {
            LOG.warnf("the account's row is not changed yet: %s", away.getMessage());
        }
    }

    private Optional<RunningJob> accepted(
            ClaimedJob job, SubmitAnswer.Accepted accepted, Instant began, Instant answered)
            throws InterruptedException {
        Transition running = new Transition(
                job.jobId(),
                job.fence(),
                JobStatus.SUBMITTING,
                new Next.Running(),
                new AttemptChange.Accepted(accepted.predictionId(), began),
                answered);
        boolean ours;
        try {
            ours = settler.settle(running);
        } catch (IllegalStateException unwritable) {
            JobError error = new JobError(
                    ErrorClass.UNCERTAIN_SUBMISSION,
                    "the provider gave the prediction id " + accepted.predictionId()
                            + ", which cannot be recorded for this job: it may have been charged",
                    false);
            return settle(job, new Next.Uncertain(error), new AttemptChange.Uncertain(error, began), answered);
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
                answered,
                job.createdAt()));
    }

    private Optional<RunningJob> settle(ClaimedJob job, Next next, AttemptChange attempt, Instant at)
            throws InterruptedException {
        settler.settle(new Transition(job.jobId(), job.fence(), JobStatus.SUBMITTING, next, attempt, at));
        return Optional.empty();
    }

    /** Follows the prediction to its end and writes it. */
    void follow(RunningJob job) throws InterruptedException {
        PollResult result = poller.poll(job.model(), job.predictionId(), job.acceptedAt());
        Instant ended = clock.instant();
        switch (result) {
            case PollResult.GivenUp givenUp -> unfollow(job, givenUp, ended);
            case PollResult.Ended end -> {
                switch (end.prediction()) {
                    case Prediction.Completed completed -> complete(job, completed, end, ended);
                    case Prediction.Failed failed -> fail(job, failed.error(), end, ended);
                    case Prediction.Open open -> throw new IllegalStateException("polling ended with " + open);
                    case Prediction.Unknown unknown -> throw new IllegalStateException("polling ended with " + unknown);
                    case Prediction.Unreadable unreadable ->
                        throw new IllegalStateException("polling ended with " + unreadable);
                }
            }
        }
    }

    private void complete(RunningJob job, Prediction.Completed completed, PollResult seen, Instant at)
            throws InterruptedException {
        try {
            Next succeeded = new Next.Succeeded(completed.outputUrls());
            KillPoint.reach("settle.before");
            if (settle(job, succeeded, new AttemptChange.Ended(null, seen.observation()), at)) {
                KillPoint.reach("settle.after");
                archiver.wake();
            }
        } catch (IllegalStateException unwritable) {
            fail(
                    job,
                    JobError.of(
                            ErrorClass.INTERNAL,
                            "the outputs of prediction " + job.predictionId() + " cannot be recorded"),
                    seen,
                    at);
        }
    }

    /** The prediction is paid and may still end, so it is never bought again here. */
    private void unfollow(RunningJob job, PollResult.GivenUp seen, Instant at) throws InterruptedException {
        AttemptChange attempt = new AttemptChange.Unfollowed(seen.error(), seen.observation(), seen.reason());
        if (settle(job, new Next.Failed(seen.error()), attempt, at)) {
            LOG.warnf(
                    "job %s failed: %s. Its prediction is looked at now and then, and what it makes is kept",
                    job.jobId(), seen.error().message());
        }
    }

    private void fail(RunningJob job, JobError error, PollResult seen, Instant at) throws InterruptedException {
        Optional<Duration> again =
                retries.again(new Tried(error, job.attempt(), job.maxAttempts(), job.createdAt()), at);
        Next next = again.isPresent() ? new Next.Queued(again.get()) : new Next.Failed(error);
        settle(job, next, new AttemptChange.Ended(error, seen.observation()), at);
    }

    private boolean settle(RunningJob job, Next next, AttemptChange attempt, Instant at) throws InterruptedException {
        return settler.settle(new Transition(job.jobId(), job.fence(), JobStatus.RUNNING, next, attempt, at));
    }
}
