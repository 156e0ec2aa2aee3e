package io.wavequeue.bench;

import java.nio.file.Path;
import picocli.CommandLine;

/** {@code wavequeue bench}. The launcher script starts this class. */
public final class Main {
    private static final String HOME = "wavequeue.home";

    private Main() {}

    /** Exits with 0, with 1 when a run failed its checks, with 2 when the words are wrong. */
    public static void main(String[] arguments) {
        Path home = Path.of(System.getProperty(HOME, "")).toAbsolutePath().normalize();
        System.exit(commandLine(new ScenarioRunner(home, System.out, System.err)::run)
                .execute(arguments));
    }

    static CommandLine commandLine(BenchCommand.Bench bench) {
        return new CommandLine(new BenchCommand(bench))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Latency.class, text -> {
                    try {
                        return Latency.parse(text);
                    } catch (IllegalArgumentException wrong) {
                        throw new CommandLine.TypeConversionException(String.valueOf(wrong.getMessage()));
                    }
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof BenchFailedException) {
                        command.getErr().println("FAILED: " + failure.getMessage());
                    } else {
                        failure.printStackTrace(command.getErr());
                    }
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }
}
