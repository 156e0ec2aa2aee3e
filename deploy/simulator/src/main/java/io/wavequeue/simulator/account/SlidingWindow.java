package io.wavequeue.simulator.account;

/** Counts events in the last 60 seconds and remembers the highest count. */
final class SlidingWindow {
    private static final long WIDTH = 60 * Micros.SECOND;

    private long[] times = new long[1_024];
    private int first;
    private int size;
    private int highest;

    void add(long now) {
        forget(now);
        if (size == times.length) {
            grow();
        }
        times[(first + size) % times.length] = now;
        size++;
        highest = Math.max(highest, size);
    }

    int count(long now) {
        forget(now);
        return size;
    }

    int highest() {
        return highest;
    }

    /** Microseconds until one event less counts. */
    long untilNextLeaves(long now) {
        return size == 0 ? 0 : Math.max(0, times[first] + WIDTH - now);
    }

    private void forget(long now) {
        while (size > 0 && times[first] <= now - WIDTH) {
            first = (first + 1) % times.length;
            size--;
        }
    }

    private void grow() {
        long[] larger = new long[times.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = times[(first + i) % times.length];
        }
        times = larger;
        first = 0;
    }
}
