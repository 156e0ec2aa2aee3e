package io.wavequeue.worker.poll;

import io.wavequeue.store.RunTimeStore.Run;
import java.util.List;

/**
 * How much later than its inference took a run is seen to have ended: the provider counts neither its queue nor its own
 * overhead. Where one lag fits nine in ten runs, the provider's word says when each of those ended; otherwise it says nothing.
 *
 * @param seconds not a number when there is none
 */
record Lag(double seconds) {
    private static final double FITTING = 0.9;
    private static final int FEWEST = 8;

    /** Looks are timed to a millisecond. */
    private static final double ROUNDING = 0.002;

    /** The lag that fits most of the runs whose inference was told, the one nearest to 0 where many do. */
    static Lag of(List<Run> runs) {
        List<Run> told = runs.stream().filter(Lag::isTold).toList();
        double[] least = told.stream().mapToDouble(Lag::least).sorted().toArray();
        double[] most = told.stream().mapToDouble(Lag::most).sorted().toArray();
        int ended = 0;
        int best = 0;
        double lag = Double.NaN;
        for (int begun = 1; begun <= least.length; begun++) {
            while (most[ended] < least[begun - 1]) {
                ended++;
            }
            double nearest = Math.clamp(0, least[begun - 1], most[ended]);
            double here = nearest == 0 ? 0 : (least[begun - 1] + most[ended]) / 2;
            int fitting = begun - ended;
            if (fitting > best || (fitting == best && Math.abs(here) < Math.abs(lag))) {
                best = fitting;
                lag = here;
            }
        }
        return new Lag(told.size() >= FEWEST && best >= FITTING * told.size() ? lag : Double.NaN);
    }

    /** The earliest run time at which it may have ended, in seconds. */
    double earliest(Run run) {
        return fits(run) ? ended(run) : run.openMs() / 1e3;
    }

    /** The latest. */
    double latest(Run run) {
        return fits(run) ? ended(run) : run.endedMs() / 1e3;
    }

    private boolean fits(Run run) {
        return isTold(run) && least(run) <= seconds && seconds <= most(run);
    }

    private double ended(Run run) {
        return Math.clamp(inference(run) + seconds, run.openMs() / 1e3, run.endedMs() / 1e3);
    }

    private static boolean isTold(Run run) {
        return run.inferenceMs() != null && run.inferenceMs() > 0;
    }

    private static double inference(Run run) {
        return run.inferenceMs() == null ? Double.NaN : run.inferenceMs() / 1e3;
    }

    private static double least(Run run) {
        return run.openMs() / 1e3 - inference(run) - ROUNDING;
    }

    private static double most(Run run) {
        return run.endedMs() / 1e3 - inference(run) + ROUNDING;
    }
}
