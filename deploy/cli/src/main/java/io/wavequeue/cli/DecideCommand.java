package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.ApiAnswer;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.client.Take;
import io.wavequeue.cli.screen.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code wavequeue pick|reject|clear REFERENCE TAKE --library NAME}. */
@Command
final class DecideCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    private final Session session;
    private final Verdict verdict;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final LockOption lock = new LockOption();

    @Mixin
    private final AnswerPrinter printer = new AnswerPrinter();

    @Option(names = "--library", required = true, paramLabel = "NAME", description = "The library.")
    private String library = "";

    @Parameters(index = "0", paramLabel = "REFERENCE", description = "The cue.")
    private String reference = "";

    @Parameters(index = "1", paramLabel = "TAKE", description = "The take's number.")
    private int take;

    DecideCommand(Session session, Verdict verdict) {
        this.session = session;
        this.verdict = verdict;
    }

    /** What a person says of a take. */
    enum Verdict {
        PICK("pick", "Give a take its cue's file name. The cue's other takes are left alone from then on."),
        REJECT("reject", "Have a take made again by the next apply, unless its cue has a picked one."),
        CLEAR("clear", "Take back what was said of a take.");

        private final String word;
        private final String description;

        Verdict(String word, String description) {
            this.word = word;
            this.description = description;
        }

        String word() {
            return word;
        }

        String description() {
            return description;
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        LibraryApi libraries = session.libraries(api.address);
        List<List<String>> before = files(libraries);
        ApiAnswer answer = libraries.decide(verdict.word(), library, reference, take);
        awaitOthers(libraries, before);
        JsonNode takes = libraries.takes(library, reference).items();
        printer.print(session.out(), answer, _ -> text(takes));
        LockText.refresh(session, libraries, lock.file, library, printer.json);
        return ExitCode.OK;
    }

    /** The worker moves files a moment after the decision; it does not where their names stay. */
    private void awaitOthers(LibraryApi libraries, List<List<String>> before) throws InterruptedException {
        Instant start = session.pace().instant();
        while (files(libraries).equals(before) && session.pace().since(start).compareTo(PATIENCE) < 0) {
            session.pace().sleep(BETWEEN_LOOKS);
        }
    }

    private List<List<String>> files(LibraryApi libraries) throws InterruptedException {
        List<List<String>> files = new ArrayList<>();
        libraries
                .takes(library, reference)
                .items()
                .forEach(json -> files.add(Take.of(json).files()));
        return files;
    }

    /** All takes of the cue, since a picked one takes its name from another. */
    private List<String> text(JsonNode takes) {
        List<String> lines = new ArrayList<>();
        for (JsonNode json : takes) {
            Take one = Take.of(json);
            String decision = one.text("decision");
            String file = one.files().isEmpty() ? "" : one.files().getFirst();
            lines.add(Printable.line("%s #%d  %-8s  %s"
                    .formatted(one.reference(), one.number(), decision == null ? "-" : decision, file)
                    .stripTrailing()));
        }
        return lines;
    }
}
