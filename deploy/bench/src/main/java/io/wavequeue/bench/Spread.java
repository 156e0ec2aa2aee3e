package io.wavequeue.bench;

import java.util.List;

/** What several runs measured of one thing. */
record Spread(double median, double min, double max) {

    /** @throws IllegalArgumentException of no values */
    static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a spread of no values");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast());
    }

    /**
     * The smallest value that at least so much of all values do not exceed.
     *
     * @param share above 0, at most 1
     * @throws IllegalArgumentException of no values
     */
    static double percentile(List<Double> values, double share) {
        if (values.isEmpty() || share <= 0 || share > 1) {
            throw new IllegalArgumentException("percentile %s of %d values".formatted(share, values.size()));
        }
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }
}
