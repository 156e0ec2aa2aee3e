package io.wavequeue.worker.schedules;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Virtual time, chance, and what happens next. */
final class World {
    static final long EPOCH = 1_800_000_000_000L;

    final SplittableRandom random;
    final @Nullable List<String> trace;
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private long now;
    private long events;

    World(long seed, boolean traced) {
        this.random = new SplittableRandom(seed);
        this.trace = traced ? new ArrayList<>() : null;
    }

    /** Something on a process's own threads waits while the process is stopped, and never comes when it is dead. */
    interface Owner {
        boolean isDead();

        long stoppedUntil();
    }

    private record Event(long at, long order, @Nullable Owner owner, Runnable act) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    long now() {
        return now;
    }

    /** Happens wherever no process of ours can keep it from happening. */
    void in(long delay, Runnable act) {
        in(null, delay, act);
    }

    /** Things that happen at the same moment happen in any order. */
    void in(@Nullable Owner owner, long delay, Runnable act) {
        queue.add(new Event(now + delay, ((long) random.nextInt() << 32) | (events++ & 0xffffffffL), owner, act));
    }

    /** False when nothing is left, or time is over. */
    boolean step(long until) {
        Event next = queue.poll();
        if (next == null || next.at > until) {
            return false;
        }
        now = next.at;
        Owner owner = next.owner;
        if (owner == null) {
            next.act.run();
        } else if (!owner.isDead()) {
            if (owner.stoppedUntil() > now) {
                in(owner, owner.stoppedUntil() - now, next.act);
            } else {
                next.act.run();
            }
        }
        return true;
    }

    boolean chance(double share) {
        return share > 0 && random.nextDouble() < share;
    }

    long between(long from, long to) {
        return random.nextLong(from, to + 1);
    }

    /** Most errors live at the edges. */
    long edge(long from, long to) {
        return chance(0.5) ? between(from, to) : between(to - (to - from) / 8, to);
    }

    void log(Supplier<String> line) {
        if (trace != null) {
            trace.add("%9.3f %s".formatted(now / 1_000.0, line.get()));
        }
    }
}
