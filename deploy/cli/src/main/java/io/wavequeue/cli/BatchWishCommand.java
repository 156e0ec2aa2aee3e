package io.wavequeue.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code wavequeue pause|resume BATCH}. */
@Command
final class BatchWishCommand implements Callable<Integer> {

    private final Session session;
    private final BatchWish wish;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final AnswerPrinter printer = new AnswerPrinter();

    @Parameters(paramLabel = "BATCH", description = "The batch's id.")
    private String batch = "";

    BatchWishCommand(Session session, BatchWish wish) {
        this.session = session;
        this.wish = wish;
    }

    @Override
    public Integer call() throws InterruptedException {
        printer.print(session.out(), session.libraries(api.address).change(batch, wish.word()), wish::text);
        return ExitCode.OK;
    }
}
