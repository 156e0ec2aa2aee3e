package io.wavequeue.simulator.conformance;

import java.io.Console;
import java.util.List;
import java.util.Optional;

/** {@code ./wavequeue conformance}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        Conformance conformance = new Conformance(System.getenv(), System.out, System.err, Main::mayPay, Pace.REAL);
        System.exit(conformance.run(List.of(arguments)));
    }

    private static boolean mayPay() {
        return Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .map(terminal -> terminal.readLine("Type yes to pay: "))
                .filter("yes"::equals)
                .isPresent();
    }
}
