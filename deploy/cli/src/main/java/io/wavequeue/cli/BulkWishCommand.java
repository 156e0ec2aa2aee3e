package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.BulkKind;
import io.wavequeue.cli.client.BulkRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code wavequeue replays pause|resume|abort ID}, and the same of the other kinds. */
@Command
final class BulkWishCommand implements Callable<Integer> {

    private final Session session;
    private final BulkKind kind;
    private final Wish wish;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final AnswerPrinter printer = new AnswerPrinter();

    @Parameters(paramLabel = "ID", description = "Its id.")
    private String id = "";

    BulkWishCommand(Session session, BulkKind kind, Wish wish) {
        this.session = session;
        this.kind = kind;
        this.wish = wish;
    }

    /** What is wished of it. */
    enum Wish {
        PAUSE("pause", "Stop it for now. What it did goes on."),
        RESUME("resume", "Let it go on."),
        ABORT("abort", "End it. What it did stays done; its other jobs stay as they are.");

        private final String word;
        private final String description;

        Wish(String word, String description) {
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
        printer.print(session.out(), session.bulk(api.address).change(kind, id, wish.word()), this::text);
        return ExitCode.OK;
    }

    private List<String> text(JsonNode json) {
        BulkRun run = BulkRun.of(kind, json);
        List<String> lines = new ArrayList<>(BulkText.of(run));
        String words = "wavequeue " + kind.words() + " ";
        lines.add("");
        lines.add(
                switch (wish) {
                    case PAUSE -> "No other job is " + kind.done() + " before `" + words + "resume " + id + "`.";
                    case RESUME -> "It goes on; follow it with: " + words + id + " --wait";
                    case ABORT -> "What was done stays done; the other jobs stay as they are.";
                });
        if (wish == Wish.ABORT && kind == BulkKind.REPLAY) {
            lines.add("What it queued and nobody submitted yet is held by: wavequeue hold --replay " + id);
        }
        return lines;
    }
}
