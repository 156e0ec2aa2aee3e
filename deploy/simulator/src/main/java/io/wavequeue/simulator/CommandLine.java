package io.wavequeue.simulator;

import io.wavequeue.simulator.account.Settings;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** Reads the options of the program. */
final class CommandLine {
    static final String HELP = """
            usage: simulator [option value]...
              --host H                  address to listen on (127.0.0.1)
              --port N                  0 = any free one (0)
              --seed N                  of run times and of faults with a rate (1)
              --data DIR                keep journal and uploads there; without it all is in memory
              --key K                   let only this API key in; without it any key
              --latency L               instant, demo, real, fixed:MS or lognormal:MEDIAN_MS:SIGMA, then
                                        ,MODEL=fixed:MS for exceptions (instant)
              --submits-per-minute N    0 = no limit (0)
              --max-in-flight N         0 = no limit; more are accepted and wait (0)
              --retry-after B           whether 429 says when to come back (true)
              --balance USD             (1000)
              --insufficient-balance F  402, 1407 or 403 (402)
              --ace-step-basis B        extension or output (extension)
              --refund-delay T          0, 500ms, 30s, 1h (1h)
              --history-input B         whether history items carry their input (true)
              --history-total B         whether history pages carry a total (true)
              --history-lag T           how late a prediction shows up in the history (0)
            """;

    private CommandLine() {}

    /** @throws IllegalArgumentException with a sentence that says which option is wrong */
    static SimulatorConfig parse(List<String> arguments) {
        SimulatorConfig config = SimulatorConfig.defaults();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            if (!option.startsWith("--")) {
                throw new IllegalArgumentException("unexpected argument \"" + option + "\" (see --help)");
            }
            String name = option.substring(2).replace('-', '_').toLowerCase(Locale.ROOT);
            boolean known = List.of("host", "port", "seed", "data").contains(name) || Settings.NAMES.contains(name);
            if (!known) {
                throw new IllegalArgumentException("unknown option \"" + option + "\" (see --help)");
            }
            if (!rest.hasNext()) {
                throw new IllegalArgumentException("option " + option + " needs a value");
            }
            config = apply(config, name, rest.next());
        }
        return config;
    }

    private static SimulatorConfig apply(SimulatorConfig config, String name, String value) {
        return switch (name) {
            case "host" -> config.withHost(value);
            case "port" -> config.withPort(Math.toIntExact(number(name, value)));
            case "seed" -> config.withSeed(number(name, value));
            case "data" -> config.withData(Path.of(value));
            default -> config.with(name, value);
        };
    }

    private static long number(String name, String value) {
        try {
            long number = Long.parseLong(value);
            if (name.equals("seed") || (number >= 0 && number <= 65_535)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw new IllegalArgumentException(name + " must be a whole number"
                + (name.equals("port") ? " up to 65535" : "") + ", not \"" + value + "\"");
    }
}
