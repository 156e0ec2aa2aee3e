package io.wavequeue.worker.poll;

/**
 * What a policy came to.
 *
 * @param polls per clip
 * @param delay mean time from a run's end to the look that found it, in seconds
 * @param runTime mean, in seconds
 */
record Outcome(double polls, double delay, double runTime) {
    double share() {
        return delay / runTime;
    }

    double cost() {
        return polls + PollPlan.LOOKS_PER_MEAN_DELAY * share();
    }
}
