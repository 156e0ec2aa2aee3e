package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.LibraryApi;
import io.wavequeue.cli.client.Take;
import io.wavequeue.cli.screen.Printable;
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
        printer.print(session.out(), libraries.decide(verdict.word(), library, reference, take), DecideCommand::text);
        LockText.refresh(session, libraries, lock.file, library, printer.json);
        return ExitCode.OK;
    }

    private static List<String> text(JsonNode json) {
        Take take = Take.of(json);
        String decision = take.text("decision");
        List<String> lines = new ArrayList<>();
        lines.add(Printable.line(
                take.reference() + " take " + take.number() + ": " + (decision == null ? "not decided" : decision)));
        take.files().forEach(file -> lines.add(Printable.line("  " + file)));
        return lines;
    }
}
