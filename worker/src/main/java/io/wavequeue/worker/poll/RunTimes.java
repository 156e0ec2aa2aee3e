package io.wavequeue.worker.poll;

import io.wavequeue.store.RunTimeStore.Run;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last runs of one kind and the plan that follows from them. Any thread; {@link #replan} by one at a time. */
final class RunTimes {
    /** More know the distribution better, fewer follow its changes sooner. */
    static final int WINDOW = 512;

    private static final int FEWEST = 8;

    /** A plan is made anew when so much of what it rests on has changed: a sixteenth. */
    private static final int CHANGED_PART = 16;

    private final Deque<Run> runs = new ArrayDeque<>();
    private final Deque<Run> fresh = new ArrayDeque<>();
    private int changes;
    private double @Nullable [] estimate;
    private volatile PollPlan plan = PollPlan.UNKNOWN;

    /** {@link PollPlan#UNKNOWN} until some runs have ended. */
    PollPlan plan() {
        return plan;
    }

    synchronized void learn(Run run) {
        add(runs, run);
        add(fresh, run);
        changes++;
    }

    /** Runs that were not handed over yet, newest first. */
    synchronized List<Run> takeFresh() {
        List<Run> taken = List.copyOf(fresh);
        fresh.clear();
        return taken;
    }

    /** They could not be handed over. */
    synchronized void takeBack(List<Run> taken) {
        taken.forEach(fresh::addLast);
        shorten(fresh);
    }

    /** What is known over all workers, without what was not handed over yet. */
    synchronized void replace(List<Run> known) {
        List<Run> before = List.copyOf(runs);
        runs.clear();
        runs.addAll(fresh);
        runs.addAll(known);
        shorten(runs);
        if (!before.equals(List.copyOf(runs))) {
            changes = WINDOW;
        }
    }

    /** Makes the plan anew when enough has changed. Milliseconds of work. */
    void replan() {
        List<Run> known;
        synchronized (this) {
            if (runs.size() < FEWEST || changes * CHANGED_PART < runs.size()) {
                return;
            }
            changes = 0;
            known = new ArrayList<>(runs);
        }
        double[] now = RunTimeEstimate.of(known, estimate);
        estimate = now;
        plan = PollPlan.of(Smoothing.of(now));
    }

    private static void add(Deque<Run> window, Run run) {
        window.addFirst(run);
        shorten(window);
    }

    private static void shorten(Deque<Run> window) {
        while (window.size() > WINDOW) {
            window.removeLast();
        }
    }
}
