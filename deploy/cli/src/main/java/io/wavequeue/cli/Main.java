package io.wavequeue.cli;

import io.wavequeue.cli.client.Pace;
import io.wavequeue.cli.screen.Terminal;
import java.io.Console;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;

/** The process: hands clock, streams and environment to the commands, and their code to the shell. */
public final class Main {

    private Main() {}

    /** Runs one command and exits with one of {@link ExitCode}. */
    public static void main(String[] args) {
        Session session = new Session(
                System.out,
                System.err,
                System.getenv(),
                Path.of("").toAbsolutePath(),
                Terminal.of(onTerminal(), System.getenv()),
                new Pace(Clock.systemUTC(), Thread::sleep),
                UUID::randomUUID);
        int code = CommandLineFactory.create(session).execute(args);
        System.out.flush();
        System.exit(code);
    }

    @SuppressWarnings("SystemConsoleNull") // with -Djdk.console=java.base it still is, in a pipe
    private static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }
}
