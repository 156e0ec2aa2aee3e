package io.wavequeue.simulator;

import io.wavequeue.simulator.account.Setting;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** Reads the options of the program. */
final class CommandLine {
    private static final String START = """
            usage: simulator [option value]...

            fixed at the start:
              --host H            address to listen on (127.0.0.1)
              --port N            0 = any free one (0)
              --seed N            of run times and of faults with a rate (1)
              --data DIR          keep journal and uploads there; without it all is in memory

            and by PATCH /admin/config while it runs:
            """;

    private CommandLine() {}

    static String help() {
        StringBuilder help = new StringBuilder(START);
        for (Setting<?> setting : Setting.all()) {
            String option = "--" + setting.name().replace('_', '-');
            String standard = setting.standard().isEmpty() ? "none" : setting.standard();
            help.append("  %-26s  %s (%s)%n".formatted(option, setting.help(), standard));
        }
        return help.toString();
    }

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
            boolean known = List.of("host", "port", "seed", "data").contains(name) || Setting.find(name) != null;
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
