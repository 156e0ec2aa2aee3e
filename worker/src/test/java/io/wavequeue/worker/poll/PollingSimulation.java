package io.wavequeue.worker.poll;

import io.wavequeue.store.RunTimeStore.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How policies of polling compare. {@code main} prints the table of {@code deploy/docs/polling.md}. */
final class PollingSimulation {
    private static final int WARM_UP = 1_000;

    private PollingSimulation() {}

    /** When to look, by when it was last found open; and what it hears of the end. */
    interface Policy {
        double nextLook(double open, int looks);

        default void ended(double open, double ended, double runTime) {}
    }

    /** The one that workers have. */
    static Policy learned() {
        return learning(runTime -> null);
    }

    /** The same where the provider tells how long the inference took. */
    static Policy told() {
        return learning(runTime -> (int) Math.round(runTime * 1e3));
    }

    static Policy learning(Function<Double, @Nullable Integer> inferenceMs) {
        RunTimes times = new RunTimes();
        return new Policy() {
            @Override
            public double nextLook(double open, int looks) {
                return times.plan().nextLook(open);
            }

            @Override
            public void ended(double open, double ended, double runTime) {
                times.learn(new Run(
                        (int) Math.round(open * 1e3), (int) Math.round(ended * 1e3), inferenceMs.apply(runTime)));
                times.replan();
            }
        };
    }

    static Policy unlearned() {
        return (open, looks) -> PollPlan.UNKNOWN.nextLook(open);
    }

    static Policy everySecond() {
        return (open, looks) -> open + 1;
    }

    /** As the provider's pages advise: from 2 s, half as much again each time, up to 10 s. */
    static Policy backOff() {
        return (open, looks) -> open + Math.min(10, 2 * Math.pow(1.5, looks));
    }

    /** The policy's outcome once it has seen some runs. */
    static Outcome run(Supplier<Policy> policy, RunTimeLaw law, long seed, int runs) {
        SplittableRandom random = new SplittableRandom(seed);
        Policy followed = policy.get();
        follow(followed, law, random, WARM_UP);
        return follow(followed, law, random, runs);
    }

    static Outcome follow(Policy policy, RunTimeLaw law, SplittableRandom random, int runs) {
        double polls = 0;
        double delay = 0;
        double runTimes = 0;
        for (int i = 0; i < runs; i++) {
            double runTime = law.draw(random);
            double open = 0;
            int looks = 0;
            double look = policy.nextLook(open, looks++);
            while (look < runTime) {
                open = look;
                look = policy.nextLook(open, looks++);
            }
            policy.ended(open, look, runTime);
            polls += looks;
            delay += look - runTime;
            runTimes += runTime;
        }
        return new Outcome(polls / runs, delay / runs, runTimes / runs);
    }

    static List<RunTimeLaw> laws() {
        List<RunTimeLaw> laws = new ArrayList<>();
        for (double median : new double[] {3, 8, 20, 60, 180}) {
            for (double sigma : new double[] {0.1, 0.25, 0.5, 1}) {
                laws.add(RunTimeLaw.logNormal(median, sigma));
            }
        }
        laws.add(RunTimeLaw.logNormal(0.7, 0));
        laws.add(RunTimeLaw.mixed(4, 30, 0.15, 0.3));
        laws.add(RunTimeLaw.mixed(10, 0.3, 0.2, 0.1));
        return laws;
    }

    public static void main(String[] arguments) {
        Map<String, Supplier<Policy>> policies = new LinkedHashMap<>();
        policies.put("learned, inference told", PollingSimulation::told);
        policies.put("learned, not told", PollingSimulation::learned);
        policies.put("a sixth of the age", PollingSimulation::unlearned);
        policies.put("every 1 s", PollingSimulation::everySecond);
        policies.put("2–10 s", PollingSimulation::backOff);
        System.out.println("| run times | best possible | " + String.join(" | ", policies.keySet()) + " |");
        System.out.println("|---".repeat(policies.size() + 2) + "|");
        for (RunTimeLaw law : laws()) {
            Outcome best = new BestPossible(law.known()).of(PollPlan.LOOKS_PER_MEAN_DELAY);
            System.out.print("| " + law + " | " + cell(best, best));
            policies.values().forEach(policy -> System.out.print(" | " + cell(run(policy, law, 7, 20_000), best)));
            System.out.println(" |");
        }
    }

    private static String cell(Outcome outcome, Outcome best) {
        return String.format(
                Locale.ROOT,
                "%.2f · %.1f %% · %.2f",
                outcome.polls(),
                100 * outcome.share(),
                outcome.cost() / best.cost());
    }
}
