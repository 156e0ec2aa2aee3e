package io.wavequeue.worker.poll;

import io.wavequeue.store.RunTimeStore.Run;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The distribution of run times that looks tell of: a run ended somewhere between the last look that found it open and the
 * one that found it ended (interval-censored data), or, where the provider's own word is of use ({@link Lag}), when that says.
 *
 * <p>Found by expectation and maximisation with smoothing (EMS: Silverman, Jones, Wilson and Nychka 1990). It starts
 * from the estimate before, which differs by few runs, and a part even, so that it never gets stuck.
 */
final class RunTimeEstimate {
    private static final int ITERATIONS = 8;
    private static final int SMOOTHINGS = 2;
    private static final double EVEN_PART = 0.1;

    /** The shortest run times that are thought of for a run that its first look found ended: an eighth of that. */
    private static final double REACH = 8;

    private final int size;
    private final double[] from;
    private final double[] to;
    private final int[] first;
    private final int[] last;
    private double[] weights = new double[RunTimeBins.COUNT];
    private double[] spread = new double[RunTimeBins.COUNT];

    private RunTimeEstimate(List<Run> runs) {
        size = runs.size();
        from = new double[size];
        to = new double[size];
        first = new int[size];
        last = new int[size];
        Lag lag = Lag.of(runs);
        double shortest = Double.POSITIVE_INFINITY;
        for (int run = 0; run < size; run++) {
            from[run] = lag.earliest(runs.get(run));
            to[run] = lag.latest(runs.get(run));
            shortest = Math.min(shortest, Math.max(from[run], to[run] / REACH));
        }
        for (int run = 0; run < size; run++) {
            from[run] = Math.max(from[run], shortest);
            first[run] = RunTimeBins.of(from[run]);
            last[run] = RunTimeBins.of(to[run]);
        }
    }

    /**
     * Returns how many of the runs ended in each of {@link RunTimeBins}.
     *
     * @param runs at least one
     * @param before the last estimate for this kind of run
     */
    static double[] of(List<Run> runs, double @Nullable [] before) {
        RunTimeEstimate estimate = new RunTimeEstimate(runs);
        estimate.begin(before);
        estimate.expect();
        for (int i = 1; i < ITERATIONS; i++) {
            estimate.smooth();
            estimate.expect();
        }
        return estimate.weights;
    }

    private void begin(double @Nullable [] before) {
        int bottom = Arrays.stream(first).min().orElseThrow();
        int top = Arrays.stream(last).max().orElseThrow();
        double even = EVEN_PART * size / (top + 1 - bottom);
        for (int bin = bottom; bin <= top; bin++) {
            weights[bin] = even + (before == null ? 0 : before[bin] * (1 - EVEN_PART));
        }
    }

    /** Gives each run's weight to the bins in which it may have ended, as the others lie in them. */
    private void expect() {
        Arrays.fill(spread, 0);
        for (int run = 0; run < size; run++) {
            if (first[run] == last[run]) {
                spread[last[run]] += 1;
            } else {
                spread(run);
            }
        }
        double[] used = weights;
        weights = spread;
        spread = used;
    }

    private void spread(int run) {
        double firstShare = share(first[run], run);
        double lastShare = share(last[run], run);
        double inside = weights[first[run]] * firstShare + weights[last[run]] * lastShare;
        for (int bin = first[run] + 1; bin < last[run]; bin++) {
            inside += weights[bin];
        }
        if (inside <= 0) {
            spread[last[run]] += 1;
            return;
        }
        spread[first[run]] += weights[first[run]] * firstShare / inside;
        spread[last[run]] += weights[last[run]] * lastShare / inside;
        for (int bin = first[run] + 1; bin < last[run]; bin++) {
            spread[bin] += weights[bin] / inside;
        }
    }

    /** How much of the bin lies in the time in which the run may have ended. */
    private double share(int bin, int run) {
        double start = RunTimeBins.upper(bin - 1);
        double end = RunTimeBins.upper(bin);
        return Math.clamp((Math.min(end, to[run]) - Math.max(start, from[run])) / (end - start), 0.0, 1.0);
    }

    private void smooth() {
        for (int i = 0; i < SMOOTHINGS; i++) {
            Smoothing.pass(weights);
        }
    }
}
