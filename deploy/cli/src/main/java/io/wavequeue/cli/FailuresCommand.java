package io.wavequeue.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code wavequeue failures}. */
@Command(
        name = "failures",
        description =
                "Show what failed, in groups of the same error: how often, since when, and what it costs to try again.")
final class FailuresCommand implements Callable<Integer> {

    private final Session session;

    @Mixin
    private final ApiOption api = new ApiOption();

    @Mixin
    private final FilterOptions filter = new FilterOptions();

    @Mixin
    private final AnswerPrinter printer = new AnswerPrinter();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Show so many groups (default: as many as the API does).")
    private @Nullable Integer limit;

    FailuresCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        FailuresText text = new FailuresText(session.terminal(), filter.words());
        printer.print(
                session.out(), session.bulk(api.address).failures(filter.query().add("limit", limit)), text::of);
        return ExitCode.OK;
    }
}
