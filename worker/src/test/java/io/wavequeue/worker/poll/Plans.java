package io.wavequeue.worker.poll;

/** Plans for known distributions. */
final class Plans {
    private Plans() {}

    /** Log-normal. */
    static PollPlan of(double median, double sigma) {
        double[] weights = new double[RunTimeBins.COUNT];
        for (double runTime : RunTimeLaw.logNormal(median, sigma).known()) {
            weights[RunTimeBins.of(runTime)] += 0.01;
        }
        return PollPlan.of(weights);
    }
}
