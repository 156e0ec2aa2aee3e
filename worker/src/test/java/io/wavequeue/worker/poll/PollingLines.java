package io.wavequeue.worker.poll;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.wavequeue.worker.poll.PollingSimulation.Policy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The simulation of {@code ./wavequeue bench polling}: run times of 8 s on average. A JSON line per seed on stdout. */
final class PollingLines {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double MEAN = 8;

    private PollingLines() {}

    /** Number of seeds, and of clips of each. */
    public static void main(String[] words) throws JsonProcessingException {
        int clips = Integer.parseInt(words[1]);
        for (int seed = 1; seed <= Integer.parseInt(words[0]); seed++) {
            ObjectNode line = JSON.createObjectNode();
            for (Map.Entry<String, RunTimeLaw> law : laws().entrySet()) {
                compare(law.getValue(), seed, clips, line.putObject(law.getKey()));
            }
            System.out.println(JSON.writeValueAsString(line));
        }
    }

    private static void compare(RunTimeLaw law, int seed, int clips, ObjectNode into) {
        Outcome best = new BestPossible(law.known()).of(PollPlan.LOOKS_PER_MEAN_DELAY);
        tell(best, best, into.putObject("best_possible"));
        policies()
                .forEach((name, policy) ->
                        tell(PollingSimulation.run(policy, law, seed, clips), best, into.putObject(name)));
    }

    private static void tell(Outcome outcome, Outcome best, ObjectNode into) {
        into.put("polls_per_clip", outcome.polls())
                .put("delay_share", outcome.share())
                .put("cost_ratio", outcome.cost() / best.cost());
    }

    private static Map<String, RunTimeLaw> laws() {
        Map<String, RunTimeLaw> laws = new LinkedHashMap<>();
        laws.put("constant", RunTimeLaw.logNormal(MEAN, 0));
        laws.put("sigma_0_05", logNormal(0.05));
        laws.put("sigma_0_25", logNormal(0.25));
        laws.put("sigma_0_6", logNormal(0.6));
        laws.put("bimodal", RunTimeLaw.mixed(4, 17.3, 0.1, 0.3));
        return laws;
    }

    /** By its mean, not by its median. */
    private static RunTimeLaw logNormal(double sigma) {
        return RunTimeLaw.logNormal(MEAN * Math.exp(-sigma * sigma / 2), sigma);
    }

    private static Map<String, Supplier<Policy>> policies() {
        Map<String, Supplier<Policy>> policies = new LinkedHashMap<>();
        policies.put("learned_told", PollingSimulation::told);
        policies.put("learned", PollingSimulation::learned);
        policies.put("every_1s", PollingSimulation::everySecond);
        policies.put("back_off_2_10s", PollingSimulation::backOff);
        return policies;
    }
}
