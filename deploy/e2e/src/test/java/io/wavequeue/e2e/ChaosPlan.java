package io.wavequeue.e2e;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;

/**
 * What a chaos run does. Everything that is drawn is drawn from the seed.
 *
 * @param blows how many times something is killed, stopped or cut; the jobs come in as many portions
 * @param rate share of the calls that the provider's faults strike, for each kind of call; its kinds have equal parts
 * @param within how long the jobs may take to end once everything is whole again
 */
record ChaosPlan(int jobs, int workers, long seed, int blows, double rate, Duration within) {
    private static final ChaosPlan LONG = new ChaosPlan(2_000, 3, 1, 40, 0.05, Duration.ofMinutes(10));
    private static final ChaosPlan SHORT =
            new ChaosPlan(300, 3, 20_261_121, Blow.values().length, 0.05, Duration.ofMinutes(3));

    /** One that takes about a minute. */
    static ChaosPlan brief() {
        return SHORT;
    }

    /** The long one, as changed by {@code --jobs 500 --seed 7} and so on. */
    static ChaosPlan of(String arguments) {
        ChaosPlan plan = LONG;
        Iterator<String> words = List.of(arguments.strip().split("[\\s=]+")).iterator();
        while (words.hasNext()) {
            String name = words.next();
            if (!name.isEmpty()) {
                plan = plan.with(name, words.hasNext() ? words.next() : "");
            }
        }
        return plan;
    }

    private ChaosPlan with(String name, String value) {
        try {
            return switch (name) {
                case "--jobs" -> new ChaosPlan(Integer.parseInt(value), workers, seed, blows, rate, within);
                case "--workers" -> new ChaosPlan(jobs, Integer.parseInt(value), seed, blows, rate, within);
                case "--seed" -> new ChaosPlan(jobs, workers, Long.parseLong(value), blows, rate, within);
                case "--blows" -> new ChaosPlan(jobs, workers, seed, Integer.parseInt(value), rate, within);
                case "--rate" -> new ChaosPlan(jobs, workers, seed, blows, Double.parseDouble(value), within);
                case "--minutes" ->
                    new ChaosPlan(jobs, workers, seed, blows, rate, Duration.ofMinutes(Long.parseLong(value)));
                default ->
                    throw new IllegalArgumentException("chaos knows --jobs, --workers, --seed, --blows, --rate and"
                            + " --minutes (for the jobs to end in), not " + name);
            };
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException(name + " needs a number, not \"" + value + "\"", noNumber);
        }
    }
}
