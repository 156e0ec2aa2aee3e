package io.wavequeue.worker.schedules;

import io.wavequeue.job.ErrorClass;
import io.wavequeue.job.HoldReason;
import io.wavequeue.job.JobError;
import io.wavequeue.job.JobStatus;
import io.wavequeue.job.Transition;
import io.wavequeue.job.Transition.AttemptChange;
import io.wavequeue.job.Transition.Next;
import io.wavequeue.store.ClaimStore.Candidate;
import io.wavequeue.worker.reconcile.Judge;
import io.wavequeue.worker.schedules.Rows.AttemptRow;
import io.wavequeue.worker.schedules.Rows.JobRow;
import io.wavequeue.worker.settle.RetryDecider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** One schedule: a few jobs, two workers, and what the seed makes go wrong until the faults stop. */
final class Schedule {
    private static final int WORKERS = 2;
    private static final long TICK = 500;
    private static final long SETTLED_WITHIN = 400_000;

    final World world;
    final Plan plan;
    final Set<Bug> bugs;
    final boolean withResidualRisk;
    final Rows rows;
    final Shop shop;
    final Link link;
    private final List<Process> processes = new ArrayList<>();
    private final Set<AttemptRow> abandoned = new HashSet<>();
    private long fences;
    private long workers;
    private int underWay;

    Schedule(long seed, Set<Bug> bugs, boolean withResidualRisk, boolean traced) {
        this.world = new World(seed, traced);
        this.plan = new Plan(world, isHarsh(seed));
        this.bugs = bugs;
        this.withResidualRisk = withResidualRisk;
        this.rows = new Rows(world, plan, bugs);
        for (int i = 0; i < plan.jobs; i++) {
            JobRow job =
                    new JobRow(new UUID(1, i), "input-" + i % plan.inputs, plan.maxAttempts, world.between(0, 5_000));
            rows.jobs.put(job.id, job);
        }
        this.shop = new Shop(
                world,
                plan,
                rows.jobs.values().stream().collect(Collectors.groupingBy(job -> job.input, Collectors.counting())));
        this.link = new Link(world, plan, rows);
    }

    /** One in four. */
    static boolean isHarsh(long seed) {
        return (seed & 3) == 3;
    }

    Duration window() {
        return Plan.WINDOW;
    }

    Duration deadAfter() {
        return bugs.contains(Bug.DEAD_TOO_SOON) ? Duration.ofSeconds(2) : Plan.DEAD;
    }

    Judge judge(RetryDecider retries) {
        return new Judge(
                bugs.contains(Bug.NO_SUBMIT_TIMEOUT) ? window() : window().plus(Plan.SUBMIT_TIMEOUT),
                bugs.contains(Bug.NO_LAG) ? Duration.ZERO : Plan.LAG,
                Plan.MARGIN,
                retries);
    }

    long nextFence() {
        return ++fences;
    }

    void posted(int change) {
        underWay += change;
    }

    /** Until it is quiet, whatever goes wrong. Throws an {@link AssertionError} when a rule is broken. */
    void run() {
        for (int i = 0; i < WORKERS; i++) {
            start();
        }
        dispatch();
        trouble();
        long until = plan.calm + SETTLED_WITHIN;
        while (!(rows.isOver() && underWay == 0 && world.now() > plan.calm) && world.step(until)) {
            // one after the other
        }
        rows.awaitLocks();
        check();
    }

    /** What happened, line by line. */
    String trace() {
        return world.trace == null ? "" : String.join("\n", world.trace);
    }

    private void start() {
        Process process = new Process(new UUID(2, ++workers), this);
        processes.add(process);
        world.log(() -> Rows.name(process.id) + " starts");
    }

    /** Its life is over; another one takes its place. */
    void ends(Process process) {
        process.kill();
        processes.remove(process);
        world.in(world.between(500, 8_000), this::start);
    }

    void declaredDead() {
        if (plan.soundProcesses) {
            throw new AssertionError("a worker that was never stopped, cut off or killed was declared dead");
        }
    }

    void hold(HoldReason reason) {
        if (rows.hold == null) {
            world.log(() -> "the account is held: " + reason);
            rows.hold = reason;
            world.in(world.between(1_000, 15_000), () -> rows.hold = null);
        }
    }

    private void dispatch() {
        world.in(TICK, this::dispatch);
        if (!link.isAway()) {
            rows.dispatch().forEach(this::send);
        }
        if (world.now() > plan.calm) {
            abandonWhatStandsInTheWay();
        }
    }

    private void send(Candidate record) {
        boolean bad = world.now() < plan.calm && world.chance(plan.badRecord);
        int copies = bad ? (int) world.between(0, 2) : 1;
        for (int i = 0; i < copies; i++) {
            world.in(bad ? world.between(1, 20_000) : world.between(1, 50), () -> {
                if (!processes.isEmpty()) {
                    Process process = processes.get((int) world.between(0, processes.size() - 1));
                    world.in(process, 0, () -> process.flights().receive(record));
                }
            });
        }
    }

    /** A person has to say when uncertain submits keep all places. */
    private void abandonWhatStandsInTheWay() {
        if (rows.jobs.values().stream().noneMatch(job -> job.status == JobStatus.QUEUED)) {
            return;
        }
        rows.jobs.values().stream()
                .filter(job -> job.status == JobStatus.HELD && job.holdReason == HoldReason.UNCERTAIN_SUBMISSION)
                .findFirst()
                .ifPresent(job -> {
                    abandoned.add(job.last());
                    JobError error = JobError.of(ErrorClass.UNCERTAIN_SUBMISSION, "abandoned");
                    rows.apply(new Transition(
                            job.id,
                            job.fence,
                            JobStatus.HELD,
                            new Next.Failed(error),
                            new AttemptChange.GivenUp(error),
                            rows.time(world.now())));
                });
    }

    /** From a moment to several times the time after which a worker counts as dead. */
    long anyLength() {
        return switch ((int) world.between(0, 2)) {
            case 0 -> world.between(1, 3_000);
            case 1 -> world.between(3_000, 15_000);
            default -> world.between(15_000, 50_000);
        };
    }

    private void trouble() {
        if (world.now() >= plan.calm) {
            return;
        }
        world.in(world.between(1, 2_000), this::trouble);
        if (!processes.isEmpty()) {
            Process process = processes.get((int) world.between(0, processes.size() - 1));
            if (world.chance(plan.crash)) {
                ends(process);
            } else if (world.chance(plan.stop)) {
                process.stop(anyLength(), world.chance(0.3));
            } else if (world.chance(plan.cutOff)) {
                process.cutOff(anyLength());
            }
        }
        if (world.chance(plan.outage)) {
            link.goAway(anyLength(), world.chance(0.3));
        }
        if (world.chance(plan.pause)) {
            hold(HoldReason.PAUSED);
        }
        if (world.chance(plan.foreign)) {
            shop.othersMakeOne();
        }
        if (world.chance(plan.cancel)) {
            rows.awaitLocks();
            rows.cancel(rows.jobs.get(new UUID(1, world.between(0, plan.jobs - 1))));
        }
    }

    private void check() {
        if (plan.onlyDatabase && rows.everUncertain) {
            throw new AssertionError("a submit became uncertain though only the database was away");
        }
        Set<String> owned = new HashSet<>();
        for (JobRow job : rows.jobs.values()) {
            checkEnded(job);
            for (AttemptRow attempt : job.attempts) {
                String prediction = attempt.predictionId;
                if (prediction != null) {
                    ensure(owned.add(prediction), prediction + " belongs to two attempts");
                    ensure(attempt.charged, prediction + " is not booked as charged");
                    ensure(
                            shop.made.get(prediction).input().equals(job.input),
                            prediction + " is not of " + Rows.name(job.id));
                }
            }
        }
        Map<String, Long> excused = rows.jobs.values().stream()
                .flatMap(job -> job.attempts.stream())
                .filter(attempt -> attempt.status.isOpen() || abandoned.contains(attempt))
                .collect(Collectors.groupingBy(attempt -> attempt.job.input, Collectors.counting()));
        Map<String, Long> unowned = shop.made.values().stream()
                .filter(made -> made.maker() != null && !owned.contains(made.id()))
                .collect(Collectors.groupingBy(Shop.Made::input, Collectors.counting()));
        unowned.forEach((input, count) -> ensure(
                count <= excused.getOrDefault(input, 0L),
                count + " predictions of " + input + " are paid, and no attempt of ours has them or may have them"));
    }

    private void checkEnded(JobRow job) {
        String name = Rows.name(job.id);
        boolean asks = job.status == JobStatus.HELD && job.holdReason == HoldReason.UNCERTAIN_SUBMISSION;
        ensure(job.status.isTerminal() || asks, name + " is " + job.status + " for ever");
        if (asks) {
            boolean sure = plan.telling == Plan.Telling.ALL && plan.jobs == 1 && plan.foreign == 0;
            ensure(!sure, name + " asks a person though the history tells");
        } else {
            ensure(
                    job.attempts.stream().noneMatch(attempt -> attempt.status.isOpen()),
                    name + " is " + job.status + " and keeps a place in flight");
        }
        if (job.status == JobStatus.SUCCEEDED) {
            ensure(
                    job.outputs.equals(List.of("https://cdn.test/" + job.last().predictionId + ".wav")),
                    name + " has the clips " + job.outputs);
        }
    }

    private static void ensure(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
