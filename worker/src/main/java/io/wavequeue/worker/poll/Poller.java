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
import io.wavequeue.worker.run.Sleeper;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Looks at a prediction until it ends, or until its model's deadline. */
@ApplicationScoped
public class Poller {
    private static final Duration USUAL_DEADLINE = Duration.ofHours(1);

    /** A provider that has just made a prediction may not find it for a moment, and a wrong address finds none. */
    private static final Duration NOT_FOUND_GRACE = Duration.ofMinutes(10);

    private final WaveSpeed provider;
    private final Catalogue catalogue;
    private final PollSchedule schedule;
    private final InstantSource clock;
    private final Sleeper sleeper;

    Poller(WaveSpeed provider, Catalogue catalogue, RandomGenerator random, InstantSource clock, Sleeper sleeper) {
        this.provider = provider;
        this.catalogue = catalogue;
        this.schedule = new PollSchedule(random);
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** How a prediction ended, by the provider's word or by ours. */
    public sealed interface PollResult {
        Observation observation();

        /** The provider ended it. */
        record Ended(Prediction prediction, Observation observation) implements PollResult {}

        /** We stop looking; the provider has not ended it. */
        record GivenUp(JobError error, LookoutReason reason, Observation observation) implements PollResult {}
    }

    /** @param accepted when the provider took it */
    public PollResult poll(String model, String predictionId, Instant accepted) throws InterruptedException {
        Duration deadline = catalogue.find(model).map(Model::predictionDeadline).orElse(USUAL_DEADLINE);
        Instant lastSeenOpen = accepted;
        @Nullable Instant notFoundSince = null;
        int polls = 0;
        int failures = 0;
        while (true) {
            sleeper.sleep(schedule.next(Duration.between(accepted, clock.instant()), failures));
            KillPoint.reach("poll.before");
            Prediction seen = provider.look(predictionId);
            KillPoint.reach("poll.after");
            Instant now = clock.instant();
            switch (seen) {
                case Prediction.Completed completed -> {
                    return new PollResult.Ended(
                            completed, observed(polls + 1, completed.inferenceMs(), lastSeenOpen, now));
                }
                case Prediction.Failed failed -> {
                    return new PollResult.Ended(failed, observed(polls + 1, failed.inferenceMs(), lastSeenOpen, now));
                }
                case Prediction.Open ignored -> {
                    polls++;
                    failures = 0;
                    notFoundSince = null;
                    lastSeenOpen = now;
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
