package io.wavequeue.simulator.account;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Runs predictions: at most so many at once, the others wait in line. A freed place is taken at the moment it is freed. */
final class Timeline {
    private final PriorityQueue<Prediction> running = new PriorityQueue<>(Comparator.comparingLong(Prediction::endsAt));
    private final ArrayDeque<Prediction> waiting = new ArrayDeque<>();
    private final Consumer<Prediction> onEnd;
    private int places;
    private int taken;

    /** @param places predictions that run at once; 0 for no limit */
    Timeline(int places, Consumer<Prediction> onEnd) {
        this.places = places;
        this.onEnd = onEnd;
    }

    /** Those that run or wait. */
    int size() {
        return taken + waiting.size();
    }

    void add(Prediction prediction, long now) {
        waiting.add(prediction);
        fill(now);
    }

    /** Ends one before its time; nobody is told. */
    void remove(Prediction prediction, long now) {
        boolean ran = prediction.status() == Status.PROCESSING;
        if (!waiting.remove(prediction) && ran) {
            running.remove(prediction);
            taken--;
        }
        prediction.delete(now);
        fill(now);
    }

    void setPlaces(int places, long now) {
        this.places = places;
        fill(now);
    }

    void advance(long now) {
        for (Prediction next = running.peek(); next != null && next.endsAt() <= now; next = running.peek()) {
            running.poll();
            taken--;
            long at = next.endsAt();
            next.end(at);
            onEnd.accept(next);
            fill(at);
        }
    }

    private void fill(long now) {
        while (places == 0 || taken < places) {
            Prediction next = waiting.poll();
            if (next == null) {
                return;
            }
            taken++;
            next.start(now);
            if (!next.runsForever()) {
                running.add(next);
            }
        }
    }
}
