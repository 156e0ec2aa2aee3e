package io.wavequeue.worker.schedules;

import io.wavequeue.job.Transition;
import io.wavequeue.worker.run.Liveness;
import io.wavequeue.worker.run.Stopwatch;
import io.wavequeue.worker.run.Stopwatch.Stamp;
import io.wavequeue.worker.settle.RetryDecider;
import io.wavequeue.worker.settle.Writes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** A worker's process, with its clocks, its heartbeat and its take-overs. It can be stopped or killed between any steps. */
final class Process implements World.Owner {
    static final long AGAIN = 500;

    final UUID id;
    final Schedule schedule;
    final Stopwatch stopwatch;
    final Liveness liveness;
    final RetryDecider retries;
    private final World world;
    private final Rows rows;
    private final Flights flights;
    private final Reconciling reconciling;
    private final long wallOffset;
    private boolean dead;
    private long stoppedUntil;
    private long cutOffUntil;
    private long suspended;
    private long unsettledFence;
    private Map<UUID, Long> beats = Map.of();

    Process(UUID id, Schedule schedule) {
        this.id = id;
        this.schedule = schedule;
        this.world = schedule.world;
        this.rows = schedule.rows;
        this.wallOffset = schedule.plan.offsets ? world.between(-5_000, 5_000) : 0;
        this.stopwatch = new Stopwatch(this::now, () -> (world.now() - suspended) * 1_000_000);
        this.liveness = new Liveness(stopwatch, schedule.window(), Plan.BEAT, schedule.deadAfter());
        this.retries = Writes.retries(world.random, Duration.ofSeconds(2), Duration.ofHours(24));
        this.flights = new Flights(this);
        this.reconciling = new Reconciling(this);
        register();
    }

    Instant now() {
        return Instant.ofEpochMilli(World.EPOCH + world.now() + wallOffset);
    }

    @Override
    public boolean isDead() {
        return dead;
    }

    @Override
    public long stoppedUntil() {
        return stoppedUntil;
    }

    boolean isCutOff() {
        return cutOffUntil > world.now();
    }

    void kill() {
        world.log(() -> Rows.name(id) + " dies");
        dead = true;
    }

    /** As SIGSTOP does, or as a machine does that is suspended: then the monotonic clock stands still as well. */
    void stop(long length, boolean suspend) {
        world.log(() -> Rows.name(id) + " is stopped for " + length + " ms");
        stoppedUntil = Math.max(stoppedUntil, world.now() + length);
        suspended += suspend ? length : 0;
    }

    void cutOff(long length) {
        world.log(() -> Rows.name(id) + " has no database for " + length + " ms");
        cutOffUntil = world.now() + length;
    }

    Flights flights() {
        return flights;
    }

    private void register() {
        schedule.link.call(
                this,
                () -> {
                    rows.register(id);
                    return true;
                },
                registered -> {
                    beat();
                    world.in(this, world.between(0, 1_000), this::takeOver);
                    world.in(this, world.between(0, 3_000), reconciling::step);
                },
                away -> world.in(this, AGAIN, this::register));
    }

    private void beat() {
        Stamp asked = stopwatch.stamp();
        schedule.link.call(
                this,
                () -> {
                    boolean alive = rows.beat(id);
                    beats = rows.beats();
                    return alive;
                },
                alive -> beaten(alive, asked),
                away -> {
                    liveness.forget();
                    world.in(this, Plan.BEAT.toMillis(), this::beat);
                });
    }

    private void beaten(boolean alive, Stamp asked) {
        if (!alive) {
            schedule.ends(this);
            return;
        }
        liveness.confirmed(asked);
        liveness.silent(id, beats)
                .forEach((other, beat) -> schedule.link.call(
                        this,
                        () -> rows.declareSilent(other, beat),
                        silent -> {
                            if (silent) {
                                world.log(() -> Rows.name(other) + " is declared dead by " + Rows.name(id));
                                schedule.declaredDead();
                            }
                        },
                        away -> liveness.forget()));
        world.in(this, Plan.BEAT.toMillis(), this::beat);
    }

    private void takeOver() {
        Runnable next = () -> world.in(this, 1_000, this::takeOver);
        if (!rows.hasOrphans() && unsettledFence == 0) {
            next.run();
            return;
        }
        schedule.link.call(
                this,
                () -> schedule.link.commit(() -> {
                    rows.doubt(schedule.nextFence());
                    return true;
                }),
                doubted -> adopt(next),
                away -> next.run());
    }

    /** As {@code Takeover} does it: what a lost reply hid is read back before more is taken. */
    private void adopt(Runnable next) {
        long unsettled = unsettledFence;
        long fence = unsettled != 0 ? unsettled : schedule.nextFence();
        schedule.link.call(
                this,
                () -> unsettled != 0 ? rows.adoptedWith(id, fence) : schedule.link.commit(() -> rows.adopt(id, fence)),
                jobs -> {
                    unsettledFence = 0;
                    jobs.forEach(flights::follow);
                    next.run();
                },
                unknown -> {
                    unsettledFence = unsettled != 0 || unknown ? fence : 0;
                    next.run();
                });
    }

    /** Writes it, however long that takes. */
    void write(Transition change, Consumer<Boolean> written, Runnable unwritable) {
        write(new Writes(change), written, unwritable);
    }

    private void write(Writes writes, Consumer<Boolean> written, Runnable unwritable) {
        schedule.link.<Runnable>call(
                this,
                () -> {
                    try {
                        boolean ours = writes.write(
                                changes -> schedule.link.commit(() -> rows.apply(changes.getFirst())),
                                changes -> rows.readBack(changes.getFirst()));
                        return () -> written.accept(ours);
                    } catch (IllegalStateException constraint) {
                        return unwritable;
                    }
                },
                Runnable::run,
                away -> {
                    if (schedule.bugs.contains(Bug.LOST_REPLY_IS_TAKEN_OVER) && away) {
                        written.accept(false);
                    } else {
                        world.in(this, AGAIN, () -> write(writes, written, unwritable));
                    }
                });
    }
}
