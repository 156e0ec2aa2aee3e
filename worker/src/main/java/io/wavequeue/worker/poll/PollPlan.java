package io.wavequeue.worker.poll;

/**
 * When to look, for run times of a known distribution: the looks that cost least, found from the last one backwards
 * (dynamic programming). Immutable.
 *
 * <p>A look costs 1. A mean delay of a whole mean run time would cost 21.5: so a log-normal distribution with a sigma of 0.25
 * gets fewer than 2.5 looks and a delay below a tenth of the run time. After the first look, the next is at least a twentieth
 * of the run time so far and 50 ms away, and at most 30 s. The first waits until runs begin to end, at most 10 min.
 */
final class PollPlan {
    /** Nothing is known: a sixth of the run time so far, between 100 ms and 10 s, and within the bounds. */
    static final PollPlan UNKNOWN = new PollPlan(new int[0]);

    static final double LOOKS_PER_MEAN_DELAY = 21.5;
    private static final double SHORTEST = 0.05;
    private static final double LONGEST = 30;
    private static final double LONGEST_FIRST = 600;
    private static final double LEAST_SHARE = 1.0 / 20;
    private static final double UNKNOWN_SHARE = 1.0 / 6;
    private static final double UNKNOWN_SHORTEST = 0.1;
    private static final double UNKNOWN_LONGEST = 10;

    /** Looks that a run takes which lasts longer than any that is known. */
    private static final double LOOKS_BEYOND = 4;

    /** By the bin, plus one, at whose end the run was still open: the bin at whose end to look. Empty beyond. */
    private final int[] next;

    private PollPlan(int[] next) {
        this.next = next;
    }

    /**
     * @param weights how often runs lasted as long as each of {@link RunTimeBins}; not all 0. One more run is taken to last
     *     longer than all of them
     */
    static PollPlan of(double[] weights) {
        int top = weights.length;
        while (weights[top - 1] <= 0) {
            top--;
        }
        return new PollPlan(new Search(weights, top).next());
    }

    /**
     * The run time at which to look next, in seconds.
     *
     * @param open the run time at which it was last found open, in seconds; 0 = not looked at yet
     */
    double nextLook(double open) {
        int seen = RunTimeBins.endingAt(open) + 1;
        if (seen >= next.length) {
            return open + Math.max(least(open), usual(open));
        }
        double look = RunTimeBins.upper(next[seen]);
        return open <= 0 ? look : Math.clamp(look, open + least(open), open + LONGEST);
    }

    boolean isLearned() {
        return next.length > 0;
    }

    /** The wait at this run time while nothing is known, in seconds. */
    static double usual(double open) {
        return Math.clamp(open * UNKNOWN_SHARE, UNKNOWN_SHORTEST, UNKNOWN_LONGEST);
    }

    /** The shortest wait at this run time, in seconds. */
    static double least(double open) {
        return Math.clamp(open * LEAST_SHARE, SHORTEST, LONGEST);
    }

    /** The search. Places are the ends of bins, from -1 (the start) to the last with weight. */
    private static final class Search {
        private final int top;
        /** Weight, and weight times run time, of the bins up to a place. */
        private final double[] ended;

        private final double[] endedTimes;
        private final double all;
        private final double costOfDelay;
        /** What all runs that are open at a place will cost from there on. */
        private final double[] cost;

        Search(double[] weights, int top) {
            this.top = top;
            ended = new double[top + 1];
            endedTimes = new double[top + 1];
            for (int bin = 0; bin < top; bin++) {
                double middle = (RunTimeBins.upper(bin - 1) + RunTimeBins.upper(bin)) / 2;
                ended[bin + 1] = ended[bin] + weights[bin];
                endedTimes[bin + 1] = endedTimes[bin] + weights[bin] * middle;
            }
            all = ended[top] + 1;
            costOfDelay = LOOKS_PER_MEAN_DELAY * ended[top] / endedTimes[top];
            cost = new double[top + 1];
            cost[top] = LOOKS_BEYOND;
        }

        int[] next() {
            int[] next = new int[top];
            for (int place = top - 1; place >= 0; place--) {
                next[place] = best(place);
            }
            return next;
        }

        private int best(int place) {
            double open = RunTimeBins.upper(place - 1);
            double least = open + least(open);
            double most = place == 0 ? LONGEST_FIRST : open + LONGEST;
            int best = place + 1;
            cost[place] = Double.POSITIVE_INFINITY;
            for (int look = place + 1; look <= top; look++) {
                double at = RunTimeBins.upper(look - 1);
                boolean tooSoon = at < least && look < top;
                if (!tooSoon && at > most && cost[place] < Double.POSITIVE_INFINITY) {
                    break;
                }
                double delay = at * (ended[look] - ended[place]) - (endedTimes[look] - endedTimes[place]);
                double total = all - ended[place] + costOfDelay * delay + cost[look];
                if (!tooSoon && total < cost[place]) {
                    cost[place] = total;
                    best = look;
                }
            }
            return best - 1;
        }
    }
}
