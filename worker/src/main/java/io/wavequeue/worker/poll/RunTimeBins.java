package io.wavequeue.worker.poll;

/** Bins of run times, each 1 % longer than the one before: the first ends at 50 ms, the last at almost two hours. */
final class RunTimeBins {
    static final int COUNT = 17 * 64 + 1;

    private static final int PER_OCTAVE = 64;
    private static final double FIRST_SECONDS = 0.05;
    private static final double[] UPPER = uppers();

    private RunTimeBins() {}

    private static double[] uppers() {
        double[] uppers = new double[COUNT];
        for (int bin = 0; bin < COUNT; bin++) {
            uppers[bin] = FIRST_SECONDS * Math.pow(2, (double) bin / PER_OCTAVE);
        }
        return uppers;
    }

    /** The bin's end, in seconds; -1 is the beginning of the first. */
    static double upper(int bin) {
        return bin < 0 ? 0 : UPPER[bin];
    }

    /** The bin that ends nearest to this run time; -1 is its beginning. */
    static int endingAt(double seconds) {
        return seconds < FIRST_SECONDS / 2 ? -1 : bounded(Math.round(octaves(seconds) * PER_OCTAVE));
    }

    /** The bin that has this run time. What is longer than all is in the last. */
    static int of(double seconds) {
        return bounded((long) Math.ceil(octaves(seconds) * PER_OCTAVE));
    }

    private static double octaves(double seconds) {
        return Math.log(Math.max(seconds, FIRST_SECONDS) / FIRST_SECONDS) / Math.log(2);
    }

    private static int bounded(long bin) {
        return (int) Math.clamp(bin, 0, COUNT - 1);
    }
}
