package io.wavequeue.worker.schedules;

import io.wavequeue.store.DatabaseAwayException;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The way to the database: slow, interrupted, and losing commits or their replies. */
final class Link {
    private final World world;
    private final Plan plan;
    private final Rows rows;
    private long awayUntil;
    private boolean hangs;

    Link(World world, Plan plan, Rows rows) {
        this.world = world;
        this.plan = plan;
        this.rows = rows;
    }

    private boolean fault(double share) {
        return world.now() < plan.calm && world.chance(share);
    }

    /** The database is away: calls fail at once, or wait for it. */
    void goAway(long length, boolean hang) {
        if (isAway()) {
            return;
        }
        world.log(() -> "the database is away for " + length + " ms");
        awayUntil = world.now() + length;
        hangs = hang;
    }

    boolean isAway() {
        return awayUntil > world.now();
    }

    /**
     * One transaction. It takes place although the process that asked may be stopped or dead by then.
     *
     * @param away told whether a commit may have taken place
     */
    <T> void call(Process process, Supplier<T> transaction, Consumer<T> done, Consumer<Boolean> away) {
        long delay = fault(plan.slowDatabase) ? world.between(100, 3_000) : world.between(1, 10);
        world.in(delay, () -> run(process, transaction, done, away));
    }

    private <T> void run(Process process, Supplier<T> transaction, Consumer<T> done, Consumer<Boolean> away) {
        long reply = world.between(1, 10);
        if (isAway() && hangs) {
            world.in(awayUntil - world.now(), () -> run(process, transaction, done, away));
        } else if (isAway() || process.isCutOff()) {
            world.in(process, reply, () -> away.accept(false));
        } else if (process.isDead() && world.chance(0.5)) {
            world.log(() -> "a transaction dies with its process");
        } else {
            try {
                T result = transaction.get();
                world.in(process, reply, () -> done.accept(result));
            } catch (DatabaseAwayException lost) {
                world.in(process, reply, () -> away.accept(lost.isCommitUnknown()));
            }
        }
    }

    /** Inside of a transaction: its commit may be lost, or only its reply, or be under way for a while yet. */
    <T> T commit(Supplier<T> work) {
        if (!fault(plan.lostCommit)) {
            return work.get();
        }
        switch ((int) world.between(0, 2)) {
            case 0 -> world.log(() -> "a commit is lost");
            case 1 -> {
                T unheard = work.get();
                world.log(() -> "a commit's reply is lost: " + unheard);
            }
            default -> {
                world.log(() -> "a commit's reply is lost, the commit is under way");
                rows.commitLater(() -> {
                    T unheard = work.get();
                    world.log(() -> "the commit has taken place: " + unheard);
                });
                world.in(world.between(0, 2_000), rows::awaitLocks);
            }
        }
        throw new DatabaseAwayException(new SQLException("the connection broke", "08006"), true);
    }
}
