package io.wavequeue.local;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What the command line asks for. */
sealed interface Command {
    Path DEFAULT_DATA = Path.of("wavequeue-data");
    String LOOPBACK = "127.0.0.1";
    int DEFAULT_PORT = 8080;

    Path data();

    /** The stack, kept running. */
    record Up(int port, int workers, Path data, String host) implements Command {}

    /** The stack around one run of the demo; {@code real} allows it to pay. */
    record Demo(Path data, boolean real) implements Command {}

    static Command parse(List<String> arguments) throws UsageException {
        if (arguments.isEmpty()) {
            throw new UsageException("Say what to run: up or demo.");
        }
        var rest = new ArrayDeque<>(arguments.subList(1, arguments.size()));
        return switch (arguments.getFirst()) {
            case "up" -> up(rest);
            case "demo" -> demo(rest);
            default -> throw new UsageException("Unknown word '" + arguments.getFirst() + "': it is up or demo.");
        };
    }

    private static Up up(Deque<String> rest) throws UsageException {
        var up = new Up(DEFAULT_PORT, 1, DEFAULT_DATA, LOOPBACK);
        while (!rest.isEmpty()) {
            var option = Option.next(rest);
            up = switch (option.name()) {
                case "--port" -> new Up(option.number(rest, 1, 65_535), up.workers(), up.data(), up.host());
                case "--workers" -> new Up(up.port(), option.number(rest, 1, 64), up.data(), up.host());
                case "--data" -> new Up(up.port(), up.workers(), Path.of(option.text(rest)), up.host());
                case "--host" -> new Up(up.port(), up.workers(), up.data(), option.text(rest));
                default ->
                    throw new UsageException("Unknown option '" + option.name()
                            + "' of up: it knows --port, --workers, --data and --host.");
            };
        }
        return up;
    }

    private static Demo demo(Deque<String> rest) throws UsageException {
        var demo = new Demo(DEFAULT_DATA, false);
        while (!rest.isEmpty()) {
            var option = Option.next(rest);
            demo = switch (option.name()) {
                case "--data" -> new Demo(Path.of(option.text(rest)), demo.real());
                case "--real" -> new Demo(demo.data(), option.flag());
                default ->
                    throw new UsageException(
                            "Unknown option '" + option.name() + "' of demo: it knows --data and --real.");
            };
        }
        return demo;
    }

    /** {@code --name value} or {@code --name=value}. */
    record Option(String name, String attached) {
        private static final String NONE = "";

        static Option next(Deque<String> rest) {
            var word = rest.pop();
            int equals = word.indexOf('=');
            return word.startsWith("--") && equals > 0
                    ? new Option(word.substring(0, equals), word.substring(equals + 1))
                    : new Option(word, NONE);
        }

        boolean flag() throws UsageException {
            if (!attached.isEmpty()) {
                throw new UsageException(name + " takes no value.");
            }
            return true;
        }

        String text(Deque<String> rest) throws UsageException {
            var value = attached.isEmpty() && !rest.isEmpty() ? rest.pop() : attached;
            if (value.isBlank() || value.startsWith("--")) {
                throw new UsageException(name + " needs a value.");
            }
            return value;
        }

        int number(Deque<String> rest, int least, int most) throws UsageException {
            var value = text(rest);
            if (value.matches("\\d{1,9}")) {
                int number = Integer.parseInt(value);
                if (number >= least && number <= most) {
                    return number;
                }
            }
            throw new UsageException("%s is a number from %d to %d, not '%s'.".formatted(name, least, most, value));
        }
    }
}
