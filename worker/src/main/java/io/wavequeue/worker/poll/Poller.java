package io.wavequeue.worker.poll;

import io.wavequeue.catalogue.Catalogue;
import io.wavequeue.catalogue.Model;
import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import io.wavequeue.job.LookoutReason;
import io.wavequeue.job.Transition.Observation;
import io.wavequeue.wiring.KillPoint;
import io.wavequeue.worker.provider.Prediction;
import io.wavequeue.worker.provider.WaveSpeed;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Looks at a prediction until it ends, or until its model's deadline. */
@ApplicationScoped
public class Poller {
    private static final Duration USUAL_DEADLINE = Duration.ofHours(1);

    /** A provider that has just made a prediction may not find it for a moment, and a wrong address finds none. */
    private static final Duration NOT_FOUND_GRACE = Duration.ofMinutes(10);

    /** A first look that is overdue by so little is no late one: writing down that it runs took longer than the run. */
    private static final Duration JUST_ACCEPTED = Duration.ofSeconds(1);

    private final WaveSpeed provider;
    private final Catalogue catalogue;
    private final RunTimeBook runTimes;
    private final PollSchedule schedule;
    private final PollPace pace;
    private final PollMetrics metrics;
    private final InstantSource clock;

    Poller(
            WaveSpeed provider,
            Catalogue catalogue,
            RunTimeBook runTimes,
            PollSchedule schedule,
            PollPace pace,
            PollMetrics metrics,
            InstantSource clock) {
        this.provider = provider;
        this.catalogue = catalogue;
        this.runTimes = runTimes;
        this.schedule = schedule;
        this.pace = pace;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** How a prediction ended, by the provider's word or by ours. */
    public sealed interface PollResult {
        Observation observation();

        /** The provider ended it. */
        record Ended(Prediction prediction, Observation observation) implements PollResult {}

        /** We stop looking; the provider has not ended it. */
        record GivenUp(JobError error, LookoutReason reason, Observation observation) implements PollResult {}
    }

    /**
     * @param workload what its run time is foreseen by
     * @param accepted when the provider took it
     */
    public PollResult poll(Workload workload, String predictionId, Instant accepted) throws InterruptedException {
        Duration deadline =
                catalogue.find(workload.model()).map(Model::predictionDeadline).orElse(USUAL_DEADLINE);
        Instant lastSeenOpen = accepted;
        Duration open = Duration.ZERO;
        @Nullable Instant notFoundSince = null;
        int polls = 0;
        int failures = 0;
        while (true) {
            Duration age = Duration.between(accepted, clock.instant());
            Duration wait = schedule.next(runTimes.plan(workload), open, age, failures);
            boolean isOnTime = failures == 0 && (wait.isPositive() || age.compareTo(JUST_ACCEPTED) < 0);
            pace.after(wait);
            KillPoint.reach("poll.before");
            Duration asked = Duration.between(accepted, clock.instant());
            Prediction seen = provider.look(predictionId);
            KillPoint.reach("poll.after");
            Instant now = clock.instant();
            switch (seen) {
                case Prediction.Completed completed -> {
                    learn(isOnTime, workload, open, asked, completed.inferenceMs());
                    return ended(completed, observed(polls + 1, completed.inferenceMs(), lastSeenOpen, now));
                }
                case Prediction.Failed failed -> {
                    learn(isOnTime, workload, open, asked, failed.inferenceMs());
                    return ended(failed, observed(polls + 1, failed.inferenceMs(), lastSeenOpen, now));
                }
                case Prediction.Open ignored -> {
                    polls++;
                    failures = 0;
                    notFoundSince = null;
                    lastSeenOpen = now;
                    open = asked;
                    if (Duration.between(accepted, now).compareTo(deadline) > 0) {
                        return new PollResult.GivenUp(
                                tooLong(predictionId, deadline),
                                LookoutReason.DEADLINE,
                                observed(polls, null, lastSeenOpen, now));
                    }
                }
                case Prediction.Unknown ignored -> {
                    polls++;
                    failures++;
                    notFoundSince = notFoundSince == null ? now : notFoundSince;
                    if (Duration.between(notFoundSince, now).compareTo(NOT_FOUND_GRACE) > 0) {
                        return new PollResult.GivenUp(
                                notFound(predictionId),
                                LookoutReason.UNKNOWN,
                                observed(polls, null, lastSeenOpen, now));
                    }
                }
                // Nothing is known of a prediction that nobody could look at: it may have completed long ago.
                case Prediction.Unreadable ignored -> failures++;
            }
        }
    }

    /** When nobody could look in time, its end says nothing of how long it took. */
    private void learn(
            boolean isOnTime, Workload workload, Duration open, Duration ended, @Nullable Integer inferenceMs) {
        if (isOnTime) {
            runTimes.learn(workload, open, ended, inferenceMs);
        }
    }

    private PollResult ended(Prediction end, Observation observation) {
        metrics.ended(observation);
        return new PollResult.Ended(end, observation);
    }

    private static JobError tooLong(String predictionId, Duration deadline) {
        return new JobError(
                ErrorClass.PROVIDER_TIMEOUT,
                "prediction %s did not end within %d s; it may still end and is paid"
                        .formatted(predictionId, deadline.toSeconds()),
                false);
    }

    private static JobError notFound(String predictionId) {
        return new JobError(
                ErrorClass.PROVIDER_ERROR, "the provider does not know prediction " + predictionId + " (404)", false);
    }

    private static Observation observed(int polls, @Nullable Integer inferenceMs, Instant lastSeenOpen, Instant now) {
        long detect = Math.max(0, Duration.between(lastSeenOpen, now).toMillis());
        return new Observation(polls, inferenceMs, (int) Math.min(detect, Integer.MAX_VALUE));
    }
}
