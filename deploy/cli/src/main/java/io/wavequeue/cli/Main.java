package io.wavequeue.cli;

import io.wavequeue.cli.client.Pace;
import io.wavequeue.cli.screen.Asker;
import io.wavequeue.cli.screen.Farewell;
import io.wavequeue.cli.screen.Screen;
import io.wavequeue.cli.screen.Terminal;
import java.io.Console;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The process: hands clock, streams and environment to the commands, and their code to the shell. */
public final class Main {

    private Main() {}

    /** Runs one command and exits with one of {@link ExitCode}. */
    public static void main(String[] args) {
        Farewell farewell = new Farewell();
        Person person = new Person();
        Screen screen =
                new Screen(System.out, System.err, Terminal.of(person.present(), System.getenv()), person, farewell);
        Session session = new Session(
                screen,
                System.getenv(),
                account(),
                Path.of("").toAbsolutePath(),
                new Pace(Clock.systemUTC(), Thread::sleep),
                UUID::randomUUID);
        // Ctrl-C ends the process from outside; the commands' own threads are not asked.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> farewell.printTo(System.err), "farewell"));
        int code = CommandLineFactory.create(session).execute(args);
        System.out.flush();
        farewell.forget();
        System.exit(code);
    }

    /** The JVM says {@code ?} of a user without a name, as in a container. */
    private static @Nullable String account() {
        String name = System.getProperty("user.name");
        return name == null || name.isBlank() || name.equals("?") ? null : name;
    }

    private static final class Person implements Asker {

        private final @Nullable Console console = terminal();

        @SuppressWarnings("SystemConsoleNull") // with -Djdk.console=java.base it still is, in a pipe
        private static @Nullable Console terminal() {
            Console console = System.console();
            return console != null && console.isTerminal() ? console : null;
        }

        @Override
        public boolean present() {
            return console != null;
        }

        @Override
        public @Nullable String ask(String question) {
            return console == null ? null : console.readLine("%s", question);
        }
    }
}
