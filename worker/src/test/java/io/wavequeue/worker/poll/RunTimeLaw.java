package io.wavequeue.worker.poll;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** A distribution of run times, in seconds. */
final class RunTimeLaw {
    private static final int SAMPLES = 40_000;

    private final String name;
    private final ToDoubleFunction<SplittableRandom> draw;

    private RunTimeLaw(String name, ToDoubleFunction<SplittableRandom> draw) {
        this.name = name;
        this.draw = draw;
    }

    static RunTimeLaw logNormal(double median, double sigma) {
        return new RunTimeLaw(
                String.format(Locale.ROOT, "%s, σ %.2f", seconds(median), sigma),
                random -> drawn(random, median, sigma));
    }

    /** Two kinds of runs, a share of one and the others. */
    static RunTimeLaw mixed(double others, double median, double sigma, double share) {
        return new RunTimeLaw(
                String.format(
                        Locale.ROOT,
                        "%.0f %% %s, %.0f %% %s, σ %.2f",
                        100 * (1 - share),
                        seconds(others),
                        100 * share,
                        seconds(median),
                        sigma),
                random -> drawn(random, random.nextDouble() < share ? median : others, sigma));
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, seconds < 1 ? "%.1f s" : "%.0f s", seconds);
    }

    private static double drawn(SplittableRandom random, double median, double sigma) {
        return median * Math.exp(sigma * random.nextGaussian());
    }

    double draw(SplittableRandom random) {
        return draw.applyAsDouble(random);
    }

    /** What whoever knows the law knows: many of its run times, sorted. */
    double[] known() {
        SplittableRandom random = new SplittableRandom(1);
        double[] samples = new double[SAMPLES];
        Arrays.setAll(samples, ignored -> draw(random));
        Arrays.sort(samples);
        return samples;
    }

    @Override
    public String toString() {
        return name;
    }
}
