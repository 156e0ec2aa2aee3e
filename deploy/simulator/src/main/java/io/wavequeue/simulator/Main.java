package io.wavequeue.simulator;

import java.util.List;

/** Runs the simulator as a program: one line on standard output when it is ready, an orderly end on SIGTERM. */
public final class Main {
    private static final int BAD_START = 2;

    private Main() {}

    public static void main(String[] arguments) {
        if (List.of(arguments).contains("--help")) {
            System.out.print(CommandLine.help());
            return;
        }
        try {
            Simulator simulator = Simulator.start(CommandLine.parse(List.of(arguments)));
            Runtime.getRuntime().addShutdownHook(new Thread(simulator::close, "shutdown"));
            System.out.println("simulator ready on " + simulator.baseUrl());
        } catch (IllegalArgumentException | SimulatorStartException e) {
            System.err.println("simulator: " + e.getMessage());
            System.exit(BAD_START);
        }
    }
}
