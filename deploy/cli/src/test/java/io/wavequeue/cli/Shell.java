package io.wavequeue.cli;

import io.wavequeue.cli.screen.Asker;
import io.wavequeue.cli.screen.Farewell;
import io.wavequeue.cli.screen.Screen;
import io.wavequeue.cli.screen.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls the command in this process and keeps what it printed. */
final class Shell {

    private final Path folder;
    private final ManualTime time = new ManualTime();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Terminal terminal = new Terminal(false, 80);
    private Person person = new Person(null);
    private final Farewell farewell = new Farewell();
    private @Nullable String account;
    private long nextId = 1;

    Shell(Path folder) {
        this.folder = folder;
    }

    Shell withTerminal() {
        terminal = new Terminal(true, 100);
        return this;
    }

    /** There is somebody at the terminal, who gives this answer. */
    Shell withPerson(String answer) {
        person = new Person(answer);
        return this;
    }

    /** The operating system calls the user this. */
    Shell withAccount(String name) {
        account = name;
        return this;
    }

    /** What would be said if the person ended the command now. */
    String farewell() {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        farewell.printTo(new PrintStream(said, true, StandardCharsets.UTF_8));
        return said.toString(StandardCharsets.UTF_8);
    }

    List<String> questions() {
        return person.questions;
    }

    private static final class Person implements Asker {
        private final @Nullable String answer;
        private final List<String> questions = new ArrayList<>();

        Person(@Nullable String answer) {
            this.answer = answer;
        }

        @Override
        public boolean present() {
            return answer != null;
        }

        @Override
        public @Nullable String ask(String question) {
            questions.add(question);
            return answer;
        }
    }

    int run(Map<String, String> environment, String... args) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.putIfAbsent("XDG_CACHE_HOME", folder.resolve("cache").toString());
        Session session = new Session(
                new Screen(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        terminal,
                        person,
                        farewell),
                variables,
                account,
                folder,
                time.pace(),
                () -> new UUID(0x1234_5678_9abc_4defL, nextId++));
        return CommandLineFactory.create(session).execute(args);
    }

    int run(String... args) {
        return run(Map.of(), args);
    }

    /** With this API at the end. */
    int runAt(FakeApi api, String... args) {
        String[] all = Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--api";
        all[args.length + 1] = api.address();
        return run(all);
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
