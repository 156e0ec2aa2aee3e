package io.wavequeue.worker.schedules;

import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.JobError;
import io.wavequeue.job.LookoutReason;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.Observation;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.store.ClaimStore.ClaimedJob;
import io.wavequeue.store.WorkerStore.RunningJob;
import io.wavequeue.worker.flow.Ends;
import io.wavequeue.worker.poll.Looks;
import io.wavequeue.worker.poll.Poller.PollResult;
import io.wavequeue.worker.provider.Prediction;
import io.wavequeue.worker.provider.ProviderWords;
import io.wavequeue.worker.provider.SubmitAnswer;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import io.wavequeue.worker.schedules.Rows.AttemptRow;
import io.wavequeue.worker.schedules.Rows.Claimed;
import io.wavequeue.worker.schedules.Shop.Said;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a worker does with a job: claims it, submits it, follows it. */
final class Flights {
    private static final long PATIENCE = 3_000;
    private static final long LOOK_AGAIN = 400;

    private final Process process;
    private final Schedule schedule;
    private final World world;
    private final Plan plan;
    private final Rows rows;
    private final Shop shop;
    private final ProviderWords words;
    private final Ends ends;
    private final Looks looks;

    Flights(Process process) {
        this.process = process;
        this.schedule = process.schedule;
        this.world = schedule.world;
        this.plan = schedule.plan;
        this.rows = schedule.rows;
        this.shop = schedule.shop;
        this.words = new ProviderWords(process::now);
        this.ends = new Ends(process.retries);
        this.looks = new Looks(world.random);
    }

    private boolean fault(double share) {
        return world.now() < plan.calm && world.chance(share);
    }

    /** A record has come. */
    void receive(Candidate candidate) {
        claim(candidate, world.now() + PATIENCE);
    }

    private void claim(Candidate candidate, long patientUntil) {
        if (world.now() > patientUntil) {
            schedule.link.call(
                    process,
                    () -> {
                        rows.release(candidate, 500);
                        return true;
                    },
                    released -> {},
                    away -> {});
            return;
        }
        if (!process.liveness.isFresh() && !schedule.bugs.contains(Bug.NO_GATE)) {
            world.in(process, LOOK_AGAIN, () -> claim(candidate, patientUntil));
            return;
        }
        Stamp asked = process.stopwatch.stamp();
        long fence = schedule.nextFence();
        schedule.link.call(
                process,
                () -> schedule.link.commit(() -> rows.claim(process.id, fence, List.of(candidate))),
                claimed -> claimed(claimed, asked, patientUntil),
                unknown -> {
                    if (unknown) {
                        readBack(fence, asked);
                    } else {
                        world.in(process, Process.AGAIN, () -> claim(candidate, patientUntil));
                    }
                });
    }

    private void readBack(long fence, Stamp asked) {
        schedule.link.call(
                process,
                () -> rows.claimedWith(process.id, fence),
                jobs -> jobs.forEach(job -> launch(job, asked)),
                away -> world.in(process, Process.AGAIN, () -> readBack(fence, asked)));
    }

    private void claimed(Claimed claimed, Stamp asked, long patientUntil) {
        claimed.claimed().forEach(job -> launch(job, asked));
        claimed.waiting().forEach(waiting -> world.in(process, LOOK_AGAIN, () -> claim(waiting, patientUntil)));
    }

    /** One submit, whose answer counts once: the first of reply, broken connection and time-out. */
    private final class Submit {
        private final ClaimedJob job;
        private final Stamp asked;
        private final Instant began = process.now();
        private final AttemptRow attempt;
        private boolean answered;
        private long gateAt;

        Submit(ClaimedJob job, Stamp asked) {
            this.job = job;
            this.asked = asked;
            this.attempt = rows.jobs.get(job.jobId()).attempts.get(job.attempt() - 1);
        }

        void begin() {
            world.in(process, Plan.SUBMIT_TIMEOUT.toMillis(), () -> answer(words.noAnswerWithin(Plan.SUBMIT_TIMEOUT)));
            long connect = fault(plan.slowConnect) ? world.edge(100, 6_000) : world.between(1, 50);
            if (fault(plan.stopInSubmit / 2)) {
                process.stop(schedule.anyLength(), world.chance(0.3));
            }
            if (fault(plan.unconnected)) {
                world.in(process, connect, () -> answer(words.notConnected()));
            } else {
                world.in(process, connect, this::connected);
            }
        }

        private void connected() {
            if (!process.liveness.maySubmit(asked) && !schedule.bugs.contains(Bug.NO_GATE)) {
                world.log(() -> Rows.name(job.jobId()) + " finds the gate closed");
                answer(words.tooLate());
                return;
            }
            gateAt = world.now();
            world.in(process, 0, this::write);
            if (fault(plan.stopInSubmit / 2)) {
                process.stop(schedule.anyLength(), false);
            }
        }

        /** From here on the request is on its way, whatever becomes of the process. */
        private void write() {
            long transit =
                    fault(plan.slowTransit) ? world.edge(100, Plan.SUBMIT_TIMEOUT.toMillis()) : world.between(1, 100);
            if (isFrozenTooLong(transit) && !schedule.withResidualRisk) {
                world.log(() -> Rows.name(job.jobId()) + " was frozen behind the gate: its POST is left out");
                return;
            }
            world.log(() -> Rows.name(job.jobId()) + " is posted by " + Rows.name(process.id));
            schedule.posted(1);
            world.in(transit, () -> arrived(transit));
        }

        /**
         * The documented residual risk, and nothing more: a process that is stopped between the gate and the write, so
         * that the provider takes the POST later than submit window and time-out after the claim.
         */
        private boolean isFrozenTooLong(long transit) {
            long grace = schedule.window().plus(Plan.SUBMIT_TIMEOUT).toMillis();
            return world.now() > gateAt && world.now() + transit > attempt.claimedAt + grace;
        }

        private void arrived(long transit) {
            schedule.posted(-1);
            @Nullable Said said = shop.post(attempt);
            if (said == null) {
                if (world.chance(0.5)) {
                    world.in(process, world.between(1, 1_000), () -> answer(words.broken()));
                }
                return;
            }
            long delay = fault(plan.slowReply) ? world.between(100, 12_000) : transit;
            world.in(process, delay, () -> answer(heard(said)));
        }

        private SubmitAnswer heard(Said said) {
            return words.submit(
                    said.status() >= 500 && schedule.bugs.contains(Bug.SERVER_ERROR_IS_REFUSAL) ? 400 : said.status(),
                    said.body());
        }

        private void answer(SubmitAnswer answer) {
            if (answered) {
                return;
            }
            answered = true;
            SubmitAnswer counted =
                    answer instanceof SubmitAnswer.Uncertain && schedule.bugs.contains(Bug.BROKEN_IS_NOT_SENT)
                            ? words.notConnected()
                            : answer;
            world.log(() -> Rows.name(job.jobId()) + " is answered: " + counted);
            Transition outcome = ends.of(job, counted, began, process.now());
            process.write(outcome, applied -> written(counted, applied), () -> unwritable(counted));
        }

        private void written(SubmitAnswer answer, boolean applied) {
            switch (answer) {
                case SubmitAnswer.Accepted(String prediction) -> {
                    if (applied) {
                        follow(new RunningJob(
                                job.jobId(),
                                job.fence(),
                                job.attempt(),
                                job.maxAttempts(),
                                job.model(),
                                prediction,
                                process.now(),
                                job.createdAt()));
                    }
                }
                case SubmitAnswer.Throttled throttled -> rows.throttle(2_000);
                case SubmitAnswer.AccountTrouble trouble -> schedule.hold(trouble.reason());
                case SubmitAnswer.NotSent ignored -> {}
                case SubmitAnswer.Refused ignored -> {}
                case SubmitAnswer.Uncertain ignored -> {}
            }
        }

        private void unwritable(SubmitAnswer answer) {
            if (answer instanceof SubmitAnswer.Accepted accepted) {
                process.write(ends.unrecordable(job, accepted, began, process.now()), applied -> {}, () -> {
                    throw new AssertionError("uncertain cannot be written");
                });
            }
        }
    }

    private void launch(ClaimedJob job, Stamp asked) {
        new Submit(job, asked).begin();
    }

    /** Looks until it ends. */
    void follow(RunningJob job) {
        look(job, 0, -1);
    }

    private void look(RunningJob job, int failures, long unknownSince) {
        long age = Duration.between(job.acceptedAt(), process.now()).toMillis();
        world.in(process, looks.nextMillis(Math.max(0, age), failures), () -> {
            long transit = world.between(1, 200);
            world.in(transit, () -> {
                Said said = shop.look(job.predictionId());
                world.in(
                        process,
                        transit,
                        () -> seen(job, words.look(said.status(), said.body()), failures, unknownSince));
            });
        });
    }

    private void seen(RunningJob job, Prediction seen, int failures, long unknownSince) {
        long age = Duration.between(job.acceptedAt(), process.now()).toMillis();
        Consumer<Prediction> ended = end -> ended(job, new PollResult.Ended(end, new Observation(1, null, 0)));
        switch (seen) {
            case Prediction.Completed completed -> ended.accept(completed);
            case Prediction.Failed failed -> ended.accept(failed);
            case Prediction.Open open
            when age > Plan.DEADLINE -> ended(job, givenUp(ErrorClass.PROVIDER_TIMEOUT, LookoutReason.DEADLINE));
            case Prediction.Open open -> look(job, 0, -1);
            case Prediction.Unknown unknown
            when unknownSince >= 0 && world.now() - unknownSince > Plan.NOT_FOUND_GRACE ->
                ended(job, givenUp(ErrorClass.PROVIDER_ERROR, LookoutReason.UNKNOWN));
            case Prediction.Unknown unknown -> look(job, failures + 1, unknownSince < 0 ? world.now() : unknownSince);
            case Prediction.Unreadable unreadable -> look(job, failures + 1, unknownSince);
        }
    }

    private static PollResult givenUp(ErrorClass why, LookoutReason reason) {
        return new PollResult.GivenUp(new JobError(why, "given up", false), reason, new Observation(1, null, 0));
    }

    private void ended(RunningJob job, PollResult result) {
        process.write(ends.of(job, result, process.now()), applied -> {}, () -> {
            throw new AssertionError("an end cannot be written");
        });
    }
}
