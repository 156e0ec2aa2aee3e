package io.wavequeue.worker.poll;

/**
 * Takes the chance out of where few runs happen to lie: each weight is spread like a bell as wide as two fifths of the half
 * around the densest place. So what is narrow stays narrow, whatever else there is. Without it plans for 512 runs of the same
 * distribution differ twice as much.
 */
final class Smoothing {
    private static final double WIDTH = 0.4;

    /** Less than this of a run is none. */
    private static final double LEAST = 1e-4;

    private Smoothing() {}

    /** @param weights runs by {@link RunTimeBins} */
    static double[] of(double[] weights) {
        double[] smooth = weights.clone();
        double width = WIDTH * densestHalf(weights) / 2;
        // Each pass adds half a bin squared to the variance.
        for (long passes = Math.round(2 * width * width); passes > 0; passes--) {
            pass(smooth);
        }
        for (int bin = 0; bin < smooth.length; bin++) {
            smooth[bin] = smooth[bin] < LEAST ? 0 : smooth[bin];
        }
        return smooth;
    }

    /** Replaces each weight by a quarter of each neighbour's and half of its own. */
    static void pass(double[] weights) {
        double before = 0;
        for (int bin = 0; bin < weights.length; bin++) {
            double here = weights[bin];
            double after = bin + 1 < weights.length ? weights[bin + 1] : 0;
            weights[bin] = (before + 2 * here + after) / 4;
            before = here;
        }
    }

    /** The fewest bins, less one, that have half of the weight. */
    private static int densestHalf(double[] weights) {
        double all = 0;
        for (double weight : weights) {
            all += weight;
        }
        int fewest = weights.length;
        int last = -1;
        double inside = 0;
        for (int first = 0; first < weights.length; first++) {
            while (inside < all / 2 && last + 1 < weights.length) {
                inside += weights[++last];
            }
            if (inside < all / 2) {
                return fewest;
            }
            fewest = Math.min(fewest, last - first);
            inside -= weights[first];
        }
        return fewest;
    }
}
