package io.wavequeue.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.wavequeue.cli.client.Batch;
import io.wavequeue.cli.screen.Counted;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code wavequeue pause|resume|cancel BATCH}. */
@Command
final class BatchWishCommand implements Callable<Integer> {

    private final Session session;
    private final Wish wish;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final AnswerPrinter printer = new AnswerPrinter();

    @Parameters(paramLabel = "BATCH", description = "The batch's id.")
    private String batch = "";

    BatchWishCommand(Session session, Wish wish) {
        this.session = session;
        this.wish = wish;
    }

    /** What is wished of a batch. */
    enum Wish {
        PAUSE("pause", "Stop submitting a batch's jobs. What is under way is paid, and goes on."),
        RESUME("resume", "Let a paused batch go on."),
        CANCEL("cancel", "End a batch for good. What is under way is paid: it is followed to its end and kept.");

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
        printer.print(session.out(), session.libraries(api.address).change(batch, wish.word()), this::text);
        return ExitCode.OK;
    }

    private List<String> text(JsonNode json) {
        Batch now = Batch.of(json);
        List<String> lines = new ArrayList<>(BatchText.of(json));
        long underWay = now.underWay();
        String paid = Counted.of(underWay, "job") + " with the provider";
        lines.add("");
        lines.add(
                switch (wish) {
                    case PAUSE ->
                        "Nothing more is submitted." + (underWay == 0 ? "" : " " + paid + ": paid, and going on.");
                    case RESUME -> "It goes on; follow it with: wavequeue watch " + now.id();
                    case CANCEL ->
                        underWay == 0
                                ? "Nothing more is made. What was made before is kept."
                                : "What waited is never made. " + paid
                                        + ", or perhaps: that cannot be undone. What is there is paid, followed to its end,"
                                        + " and its result kept.";
                });
        return lines;
    }
}
