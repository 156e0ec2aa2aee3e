package io.wavequeue.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** Starts a stack where one is needed, warms it up, has what is to be measured run several times and prints its line. */
final class ScenarioRunner {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN, true);

    private final Path home;
    private final PrintStream out;
    private final PrintStream progress;

    ScenarioRunner(Path home, PrintStream out, PrintStream progress) {
        this.home = home;
        this.out = out;
        this.progress = progress;
    }

    /** @param more environment of the stack, over the scenario's own */
    void run(Measure measure, int runs, Map<String, String> more)
            throws IOException, SQLException, InterruptedException {
        Machine machine = Machine.now();
        Measurements measured = new Measurements();
        switch (measure) {
            case Scenario scenario -> run(scenario, runs, more, measured);
            case Comparison comparison -> comparison.measure(home, runs, progress, measured);
        }
        out.println(line(measure, runs, more, machine, measured));
        out.flush();
    }

    private void run(Scenario scenario, int runs, Map<String, String> more, Measurements measured)
            throws IOException, SQLException, InterruptedException {
        Map<String, String> environment = new HashMap<>(scenario.environment());
        environment.putAll(more);
        progress.printf("%s: starting the stack%n", scenario.name());
        try (RunningStack stack =
                RunningStack.start(home, home.resolve("target/bench"), scenario.workers(), environment)) {
            try (Lab lab = new Lab(stack, progress)) {
                lab.say("warming up");
                scenario.warmUp(lab);
                for (int number = 1; number <= runs; number++) {
                    lab.say("run %d of %d".formatted(number, runs));
                    scenario.run(lab, number, measured);
                }
            } catch (IOException | SQLException | InterruptedException | RuntimeException failure) {
                stack.failed();
                progress.printf(
                        "the logs of the failed run are in %s%n", stack.data().resolve("logs"));
                throw failure;
            }
        }
    }

    static String line(Measure measure, int runs, Map<String, String> more, Machine machine, Measurements measured)
            throws IOException {
        ObjectNode line = JSON.createObjectNode().put("scenario", measure.name());
        measure.describe(line);
        if (measure instanceof Scenario scenario) {
            line.put("workers", scenario.workers());
        }
        line.put("runs", runs);
        if (!more.isEmpty()) {
            line.set("set", JSON.valueToTree(more));
        }
        line.set("machine", machine.json());
        measured.write(line);
        return JSON.writeValueAsString(line);
    }
}
