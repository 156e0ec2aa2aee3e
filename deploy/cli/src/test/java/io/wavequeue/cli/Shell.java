package io.wavequeue.cli;

import io.wavequeue.cli.screen.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** Calls the command in this process and keeps what it printed. */
final class Shell {

    private final Path folder;
    private final ManualTime time = new ManualTime();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Terminal terminal = new Terminal(false, 80);
    private long nextId = 1;

    Shell(Path folder) {
        this.folder = folder;
    }

    Shell withTerminal() {
        terminal = new Terminal(true, 100);
        return this;
    }

    int run(Map<String, String> environment, String... args) {
        Session session = new Session(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                folder,
                terminal,
                time.pace(),
                () -> new UUID(0x1234_5678_9abc_4defL, nextId++));
        return CommandLineFactory.create(session).execute(args);
    }

    int run(String... args) {
        return run(Map.of(), args);
    }

    ManualTime time() {
        return time;
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
