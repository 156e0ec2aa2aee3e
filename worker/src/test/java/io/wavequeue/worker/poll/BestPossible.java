package io.wavequeue.worker.poll;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What nobody can better who knows the distribution, within the bounds of the issue: after the first look, at least a
 * twentieth of the run time so far and 50 ms, at most 30 s. By dynamic programming over places that are 1 % apart.
 */
final class BestPossible {
    private static final double STEP = 1.01;

    private final double[] places;
    /** Share of the runs, and of the sum of their run times, that ended up to a place. */
    private final double[] ended;

    private final double[] endedTimes;
    private final double mean;

    /** @param known run times, sorted */
    BestPossible(double[] known) {
        places = places(known);
        ended = new double[places.length];
        endedTimes = new double[places.length];
        int place = 0;
        double times = 0;
        for (int i = 0; i < known.length; i++) {
            while (places[place] < known[i]) {
                place++;
            }
            times += known[i] / known.length;
            ended[place] = (i + 1.0) / known.length;
            endedTimes[place] = times;
        }
        for (int i = 1; i < places.length; i++) {
            ended[i] = Math.max(ended[i], ended[i - 1]);
            endedTimes[i] = Math.max(endedTimes[i], endedTimes[i - 1]);
        }
        mean = times;
    }

    private static double[] places(double[] known) {
        double longest = known[known.length - 1];
        List<Double> places = new ArrayList<>(List.of(0.0));
        double place = Math.max(0.05, known[0] / STEP);
        while (place < longest) {
            places.add(place);
            place = Math.max(place * STEP, place + 0.001);
        }
        places.add(longest);
        return places.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** @param looksPerMean how many looks it is worth to find all ends a mean run time earlier */
    Outcome of(double looksPerMean) {
        int end = places.length - 1;
        double[] cost = new double[places.length];
        int[] next = new int[places.length];
        for (int place = end - 1; place >= 0; place--) {
            Arrays.fill(cost, place, place + 1, Double.POSITIVE_INFINITY);
            double least = places[place] + Math.max(0.05, Math.min(30, places[place] / 20));
            for (int look = place + 1; look <= end; look++) {
                boolean tooLate = place > 0 && places[look] > places[place] + 30;
                if (tooLate && cost[place] < Double.POSITIVE_INFINITY) {
                    break;
                }
                double total = 1 - ended[place] + looksPerMean / mean * delay(place, look) + cost[look];
                if ((places[look] >= least || look == end) && total < cost[place]) {
                    cost[place] = total;
                    next[place] = look;
                }
            }
        }
        double polls = 0;
        double delay = 0;
        for (int place = 0; place < end; place = next[place]) {
            polls += 1 - ended[place];
            delay += delay(place, next[place]);
        }
        return new Outcome(polls, delay, mean);
    }

    private double delay(int from, int look) {
        return Math.max(0, places[look] * (ended[look] - ended[from]) - (endedTimes[look] - endedTimes[from]));
    }
}
